import type { CardFile, ModelCard, Precision } from '../models/card.ts';
import { filesToRun } from '../models/card.ts';
import { findCard, listCards } from '../models/catalog.ts';
import { Problem } from './http/problem.ts';

/** `fast` is the newest version of it, `fast@1.0.0` that one. */
export const MODEL_REFERENCE = /^[a-z][a-z0-9-]{0,63}(@\d{1,6}\.\d{1,6}\.\d{1,6})?$/;

/** @throws Problem `not-found` that lists the models there are. */
export function getCard(id: string, version?: string): ModelCard {
  const card = findCard(id, version);
  if (card) return card;
  throw new Problem('not-found', {
    expected: `one of the models ${listCards().map(nameOf).join(', ')}`,
    received: (version ? `${id}@${version}` : id).slice(0, 80),
    remedy: 'GET /v1/models lists all.',
  });
}

export function resolveModel(reference: string): ModelCard {
  const [id, version] = reference.split('@');
  return getCard(id as string, version);
}

export const nameOf = ({ id, version }: { id: string; version: string }) => `${id}@${version}`;

/** The path of a model's file among the static assets. */
export const assetPath = (card: ModelCard, file: CardFile) => `/models/${card.id}/${card.version}/${file.name}`;

/** The Content-Type of a model's file: graphs are JSON, all others bytes. */
export const fileType = (name: string) => (name.endsWith('.json') ? 'application/json' : 'application/octet-stream');

/** Enough of a hash to tell any two files of one name apart. */
const HASH_DIGITS = 16;

/**
 * Where a file is served, with its hash: files are cached for a year, so an address must never mean two of them. The
 * static assets ignore the query, and TF.js hands it on to the shards of a model.json.
 */
export function fileUrl(origin: string, card: ModelCard, file: CardFile): string {
  return `${origin}${assetPath(card, file)}?sha256=${file.sha256.slice(0, HASH_DIGITS)}`;
}

export const cardUrl = (origin: string, card: ModelCard) => `${origin}/v1/models/${card.id}/${card.version}`;

/** What a client fetches to run a model: addresses, sizes, hashes. */
export function filesFor(origin: string, card: ModelCard, precision: Precision) {
  return filesToRun(card, precision).map((file) => ({
    url: fileUrl(origin, card, file),
    name: file.name,
    role: file.role,
    bytes: file.bytes,
    sha256: file.sha256,
  }));
}
