import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chooseModels, publishedCards } from '../../cli/evaluation/models.ts';
import { cardWith, filterCard } from '../models/pictures.ts';
import { temporaryFolder } from './run.ts';

async function published() {
  const folder = await temporaryFolder();
  const cards = [
    cardWith({ id: 'best', gmacsPerMegapixel: 500 }),
    cardWith({ id: 'fast', gmacsPerMegapixel: 50 }),
    cardWith({ id: 'fast', gmacsPerMegapixel: 51, version: '1.10.0' }),
    cardWith({ id: 'dense-mnist', family: 'autoencoder', size: { width: 28, height: 28 } }),
    cardWith({ id: 'red30', family: 'network' }),
    filterCard({ id: 'tv' }),
    filterCard({ id: 'bm3d' }),
  ];
  for (const card of cards) {
    await mkdir(join(folder, card.id, card.version), { recursive: true });
    await writeFile(join(folder, card.id, card.version, 'card.json'), JSON.stringify(card));
  }
  return folder;
}

const names = (cards: readonly { id: string; version: string }[]) => cards.map(({ id, version }) => `${id}@${version}`);

test('all models are the newest of each, from filters to tiers, and from what takes little to what takes much', async () => {
  const folder = await published();
  const all = ['bm3d', 'tv', 'dense-mnist', 'red30'].map((id) => `${id}@1.0.0`).concat('fast@1.10.0', 'best@1.0.0');
  expect(names(await publishedCards(folder))).toEqual(all);
  expect(names(await chooseModels('all', folder))).toEqual(all);
});

test('some models are those that are named, in that order', async () => {
  const folder = await published();
  expect(names(await chooseModels('tv,fast,fast@1.0.0', folder))).toEqual(['tv@1.0.0', 'fast@1.10.0', 'fast@1.0.0']);
  await expect(chooseModels('tv,none', folder)).rejects.toThrow("'none'");
});
