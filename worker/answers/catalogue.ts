import * as z from 'zod/mini';
import { FileRole, FilterCard, NetworkCard } from '../../models/card.ts';
import { address, bytes, sha256 } from './described.ts';

/** A file to fetch. */
export const ModelFile = z.object({
  url: address,
  name: z.string(),
  role: FileRole,
  bytes,
  sha256,
});

const { shape: filter } = FilterCard;
const { shape: network } = NetworkCard;

/** A card in short: what a chooser needs. */
export const ModelSummary = z.object({
  id: filter.id,
  version: filter.version,
  title: filter.title,
  description: filter.description,
  family: z.enum([...network.family.options, 'filter']),
  task: filter.task,
  license: filter.license,
  sigma: filter.sigma,
  experimental: filter.experimental,
  parameters: z.exactOptional(network.parameters),
  gmacsPerMegapixel: z.exactOptional(network.gmacsPerMegapixel),
  size: network.size,
  edge: z.boolean().check(z.describe('whether POST /v1/denoise runs it')),
  files: z.object({ f16: z.array(ModelFile), q8: z.array(ModelFile) }),
  links: z.object({ card: address }),
});

export const Catalogue = z.object({ models: z.array(ModelSummary) });
