import { type CardFile, type ModelCard, parseCard } from '../models/card.ts';
import { DegrainError } from '../models/errors.ts';
import { ask } from './edge/request.ts';
import { openCache, putIfPossible } from './storage.ts';
import type { RemoteFile } from './weights.ts';

/** Cards of one edge are kept for when it cannot be reached; `path` is id/version, or empty for the catalogue. */
export const cardKey = (endpoint: string, path = '') =>
  `https://degrain.invalid/models/${encodeURIComponent(endpoint)}/${path}`;

export const nameOf = ({ id, version }: Pick<ModelCard, 'id' | 'version'>) => `${id}@${version}`;

/** Asks the edge, and remembers its answer; what is remembered answers where the edge cannot be reached. */
export async function fetchCard(
  endpoint: string,
  reference: string,
  signal: AbortSignal,
  address = new URL(`v1/models/${reference.replace('@', '/')}`, endpoint).href,
): Promise<ModelCard> {
  let card: ModelCard;
  try {
    card = parseCard(await (await ask(address, { signal })).json());
  } catch (failure) {
    const kept = isAway(failure) ? await keptCard(endpoint, reference) : undefined;
    if (kept) return kept;
    throw failure;
  }
  const key = cardKey(endpoint, `${card.id}/${card.version}`);
  await putIfPossible(await openCache('models'), key, JSON.stringify(card));
  return card;
}

/** No answer, or none of the edge's: what it refuses is refused without a network too. */
export const isAway = (failure: unknown) => failure instanceof DegrainError && failure.code === 'network';

/** All cards of this edge that this device has seen, the newest version of each first. */
export async function keptCards(endpoint: string): Promise<ModelCard[]> {
  const cache = await openCache('models');
  const prefix = cardKey(endpoint);
  const keys = ((await cache?.keys()) ?? []).filter(({ url }) => url.startsWith(prefix) && url !== prefix);
  const cards: ModelCard[] = [];
  for (const key of keys) {
    try {
      cards.push(parseCard(await (await cache?.match(key))?.json()));
    } catch {
      // another release's, or damaged: it comes again with the next plan
      await cache?.delete(key);
    }
  }
  return cards.sort(byVersion);
}

/** `fast` is the newest one that is here, `fast@1.2.0` that one. */
export async function keptCard(endpoint: string, reference: string): Promise<ModelCard | undefined> {
  return (await keptCards(endpoint)).find((card) => isCalled(card, reference));
}

export const isCalled = (card: ModelCard, reference: string) => card.id === reference || nameOf(card) === reference;

function byVersion(a: ModelCard, b: ModelCard): number {
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  return b.version.localeCompare(a.version, 'en', { numeric: true });
}

/** Where the edge serves a file, as plans say it too: with its hash, because it is cached for a year. */
export function remoteFile(
  endpoint: string,
  { id, version }: ModelCard,
  { name, bytes, sha256 }: CardFile,
): RemoteFile {
  const address = new URL(`models/${id}/${version}/${name}`, endpoint);
  address.searchParams.set('sha256', sha256.slice(0, 16));
  return { url: address.href, bytes, sha256 };
}
