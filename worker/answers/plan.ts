import * as z from 'zod/mini';
import { ModelFile } from './catalogue.ts';
import { address, bytes, px } from './described.ts';

const rectangle = z.object({ x: px, y: px, width: px, height: px });

/** A plan without an id: it counts nothing. */
export const PlanOutline = z.object({
  model: z.object({ id: z.string(), version: z.string(), card: address, files: z.array(ModelFile) }),
  precision: z.enum(['f16', 'q8']),
  width: px,
  height: px,
  tile: z.object({ width: px, height: px }).check(z.describe('size of every window that the network sees, px')),
  halo: px,
  multiple: z.int().check(z.positive(), z.describe('px: windows start at multiples of it')),
  tiles: z
    .array(rectangle)
    .check(z.describe('what each window answers for; they cover the image once, those in the middle come first')),
  estimate: z.object({
    gmacs: z.number().check(z.nonnegative(), z.describe('1e9 multiply-accumulates')),
    peakBytes: bytes,
    downloadBytes: bytes,
  }),
});

export const Plan = z.extend(PlanOutline, {
  planId: z.uuid().check(z.describe('yours, or a new one: for the report to POST /v1/usage')),
  queued: z.exactOptional(z.literal(true)).check(z.describe('the ledger is away: it will be counted')),
});
