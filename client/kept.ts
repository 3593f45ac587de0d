import * as z from 'zod/mini';
import { type CardFile, filesToRun, type ModelCard, type Precision } from '../models/card.ts';
import { cardKey, isAway, isCalled, keptCards } from './cards.ts';
import type { KeptModel } from './contract.ts';
import type { Catalogue, ModelSummary } from './edge/api.ts';
import { ask, unreachable } from './edge/request.ts';
import { fileKey, openCache, putIfPossible } from './storage.ts';
import { isHere } from './weights.ts';

/** As much as must be true of it to be shown. */
const Listed = z.object({ models: z.array(z.looseObject({ id: z.string(), version: z.string(), title: z.string() })) });

/** GET /v1/models; where the edge is away, its last answer. */
export async function listModels(endpoint: string, signal?: AbortSignal): Promise<ModelSummary[]> {
  const address = new URL('v1/models', endpoint).href;
  const cache = await openCache('models');
  try {
    const answer: unknown = await (await ask(address, signal ? { signal } : {})).json();
    if (!Listed.safeParse(answer).success) throw unreachable(address, 'a catalogue of another format');
    await putIfPossible(cache, cardKey(endpoint), JSON.stringify(answer));
    return (answer as Catalogue).models;
  } catch (failure) {
    const kept = isAway(failure) ? await cache?.match(cardKey(endpoint)) : undefined;
    if (!kept) throw failure;
    return ((await kept.json()) as Catalogue).models;
  }
}

/** What works without a network: card, graph and one form of the weights are here. */
export async function listKept(endpoint: string): Promise<KeptModel[]> {
  const models = await Promise.all((await keptCards(endpoint)).map(describeKept));
  return models.filter(({ precisions }) => precisions.length > 0);
}

export async function isKept(endpoint: string, reference: string): Promise<boolean> {
  return (await listKept(endpoint)).some(({ id, version }) => reference === id || reference === `${id}@${version}`);
}

export async function describeKept(card: ModelCard): Promise<KeptModel> {
  const { id, version, title } = card;
  const here = new Set<CardFile>();
  for (const file of allFiles(card)) if (await isHere(file)) here.add(file);
  const complete = (precision: Precision) => filesToRun(card, precision).every((file) => here.has(file));
  const precisions = (['q8', 'f16'] as const).filter((precision) => complete(precision));
  return { id, version, title, precisions, bytes: [...here].reduce((sum, { bytes }) => sum + bytes, 0) };
}

const allFiles = (card: ModelCard): readonly CardFile[] => (card.family === 'filter' ? [] : card.files);

/** All versions of `fast`, or `fast@1.2.0` alone. Files that another model has too stay. */
export async function forgetModel(endpoint: string, reference: string): Promise<void> {
  const cards = await keptCards(endpoint);
  const others = new Set(cards.filter((card) => !isCalled(card, reference)).flatMap(hashes));
  const [models, files] = await Promise.all([openCache('models'), openCache('files')]);
  for (const card of cards.filter((card) => isCalled(card, reference))) {
    // first the card: what is half forgotten is not kept
    await models?.delete(cardKey(endpoint, `${card.id}/${card.version}`));
    for (const hash of hashes(card)) if (!others.has(hash)) await files?.delete(fileKey(hash));
  }
}

const hashes = (card: ModelCard) => allFiles(card).map(({ sha256 }) => sha256);
