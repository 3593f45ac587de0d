import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ModelCard } from '../../models/card.ts';
import { findPublished } from '../published.ts';

export const publishedFolder = fileURLToPath(new URL('../../models/published/', import.meta.url));

/** From what needs no training to what people are to use. */
const FAMILIES: readonly ModelCard['family'][] = ['filter', 'autoencoder', 'network', 'tier'];

/** The newest version of every published model. */
export async function publishedCards(folder: string): Promise<ModelCard[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const ids = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return (await cardsOf(ids, folder)).sort(byFamily);
}

/** `all`, or names such as fast and fast@1.0.0. @throws DegrainError for one that is not published. */
export async function chooseModels(names: string, folder: string): Promise<ModelCard[]> {
  return names === 'all' ? await publishedCards(folder) : await cardsOf(names.split(','), folder);
}

async function cardsOf(names: readonly string[], folder: string): Promise<ModelCard[]> {
  return await Promise.all(names.map(async (name) => (await findPublished(name, folder)).card));
}

export function byFamily(a: ModelCard, b: ModelCard): number {
  const family = FAMILIES.indexOf(a.family) - FAMILIES.indexOf(b.family);
  return family || cost(a) - cost(b) || a.id.localeCompare(b.id, 'en');
}

const cost = (card: ModelCard) => (card.family === 'filter' ? 0 : card.gmacsPerMegapixel);
