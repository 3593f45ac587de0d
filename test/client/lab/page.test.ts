import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EXAMPLES } from '../../../client/lab/digits/examples.ts';
import { DATA_SETS, FIRST, SIDES, ZOOMS } from '../../../client/lab/experiment.ts';
import { fromLink, toLink } from '../../../client/lab/link.ts';
import { findCard } from '../../../models/catalog.ts';
import { NOISE_KINDS } from '../../../models/noise/kinds.ts';

const page = readFileSync(new URL('../../../client/lab/index.html', import.meta.url), 'utf8');

test('the page explains every kind of noise, and no other', () => {
  const explained = [...page.matchAll(/<p data-noise="([^"]+)"/g)].map(([, name]) => name);
  expect(explained).toEqual(NOISE_KINDS.map(({ name }) => name));
});

test('the experiments to begin with are links to such', () => {
  const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, link]) => (link as string).replaceAll('&amp;', '&'));
  expect(links.length).toBeGreaterThan(3);
  for (const link of links) {
    const { bench } = fromLink(link);
    // whatever it has wrong would have been left out
    expect(toLink({ ...FIRST, bench })).toBe(link);
    const kind = NOISE_KINDS.find(({ name }) => name === bench.noise);
    expect(bench.level).toBeGreaterThanOrEqual(kind?.range[0] as number);
    expect(bench.level).toBeLessThanOrEqual(kind?.range[1] as number);
    for (const id of bench.models) expect(findCard(id), id).toBeDefined();
  }
});

test('what links can say, the page offers', () => {
  for (const value of [...SIDES, ...ZOOMS]) expect(page).toContain(`<option value="${value}"`);
});

test('the first experiment is one of what there is', () => {
  for (const id of FIRST.bench.models) expect(findCard(id), id).toBeDefined();
  expect(NOISE_KINDS.map(({ name }) => name)).toContain(FIRST.bench.noise);
  for (const data of DATA_SETS) {
    for (const kind of ['dense', 'conv', 'pool', 'vae', 'pca']) expect(findCard(`${kind}-${data}`), data).toBeDefined();
    const names = EXAMPLES[data].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  }
  expect(EXAMPLES.mnist.map(({ name }) => name)).toEqual(expect.arrayContaining([FIRST.latent.from, FIRST.latent.to]));
});
