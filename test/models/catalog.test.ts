import { expect, test } from 'vitest';
import { findCard, listCards } from '../../models/catalog.ts';
import { publishedNames, readCard } from './published.ts';

const names = listCards().map(({ id, version }) => `${id}@${version}`);

test('the catalogue lists all that is published, once', () => {
  expect(names.toSorted()).toEqual(publishedNames.toSorted());
});

test('cards are those in the folders', () => {
  for (const card of listCards()) expect(card).toEqual(readCard(`${card.id}@${card.version}`));
});

test('tiers come first, and of each model the newest version', () => {
  const families = listCards().map(({ family }) => family);
  const order = ['tier', 'network', 'autoencoder', 'filter'] as const;
  expect(families).toEqual(families.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)));
  for (const { id, version } of listCards()) {
    const newest = findCard(id)?.version as string;
    expect(newest.localeCompare(version, 'en', { numeric: true })).toBeGreaterThanOrEqual(0);
    expect(findCard(id, version)?.version).toBe(version);
  }
  expect(findCard('fast', '0.0.0')).toBeUndefined();
});
