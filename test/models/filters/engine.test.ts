import { describe, expect, test } from 'vitest';
import { deadLeaves } from '../../../cli/evaluation/scenes.ts';
import { filterSource, openFilterEngine } from '../../../models/filters/engine.ts';
import { FILTERS, type Filter } from '../../../models/filters/index.ts';
import type { FloatImage } from '../../../models/image.ts';
import { addGaussian } from '../../../models/noise/add.ts';
import { runTiles } from '../../../models/run-tiles.ts';
import { filterCard, largestDifference, randomFloat } from '../pictures.ts';

const HALF_STEP = 0.5 / 255;

/** [1,H,W,C + 1]: what the pipeline hands to an engine. */
function withMap({ data, width, height, channels }: FloatImage, sigma: number): Float32Array {
  const depth = channels + 1;
  return Float32Array.from({ length: width * height * depth }, (_, i) =>
    i % depth === channels ? sigma / 255 : (data[Math.floor(i / depth) * channels + (i % depth)] as number),
  );
}

describe('a filter as an engine', () => {
  test.each([1, 3] as const)(
    'does to %i channels what the filter does, at the sigma of the noise map',
    async (channels) => {
      const image = randomFloat(24, 18, channels);
      const input = withMap(image, 30);
      const before = input.slice();
      const output = await openFilterEngine('gaussian').run(input, 18, 24);
      expect(largestDifference(output, FILTERS.gaussian.apply(image, 30).data)).toBeLessThan(1e-6);
      expect(largestDifference(output, FILTERS.gaussian.apply(image, 15).data)).toBeGreaterThan(1e-2);
      expect(input).toEqual(before);
    },
  );

  test('takes three equal channels for one: their noise is not independent', async () => {
    const grey = randomFloat(24, 18, 1);
    const rgb: FloatImage = {
      ...grey,
      channels: 3,
      data: Float32Array.from({ length: 24 * 18 * 3 }, (_, i) => grey.data[Math.floor(i / 3)] as number),
    };
    const output = await openFilterEngine('bm3d').run(withMap(rgb, 40), 18, 24);
    const wanted = FILTERS.bm3d.apply(grey, 40).data;
    for (const c of [0, 1, 2]) {
      expect(
        largestDifference(
          output.filter((_, i) => i % 3 === c),
          wanted,
        ),
      ).toBeLessThan(1e-5);
    }
    expect(largestDifference(output, FILTERS.bm3d.apply(rgb, 40).data)).toBeGreaterThan(1e-2);
  });

  test('has to be one that there is', () => {
    for (const id of ['sieve', 'toString']) {
      expect(() => openFilterEngine(id)).toThrow(/one of mean, .* but received/);
    }
  });

  test('comes from a source, as often as asked', async () => {
    const source = filterSource('median', 4096);
    expect(source).toMatchObject({ name: 'filter', maxTilePixels: 4096 });
    expect((await source.open()).name).toBe('filter');
  });
});

/** What cutting makes of an image, at the least windows that the filter's own halo allows. */
async function tiledDifference(id: string, filter: Filter, halo: number, sigma: number) {
  const { sizeMultiple } = filter;
  const side = 2 * Math.ceil(filter.halo / sizeMultiple) * sizeMultiple + 2 * sizeMultiple + 8;
  const clean = deadLeaves(Math.round(1.3 * side) + 5, 31, 1, id === 'bm3d' ? 1 : 3);
  const image = addGaussian(clean, sigma, { seed: 1 });
  const card = filterCard({ halo: { exact: filter.halo, measured: halo }, sizeMultiple });
  const run = (maxTilePixels: number) => runTiles(image, sigma, card, [filterSource(id, maxTilePixels)]);
  const height = Math.ceil(31 / sizeMultiple) * sizeMultiple;
  const [tiled, whole] = [await run((side + sizeMultiple) * height), await run(2 ** 30)];
  expect(whole.plan.tiles.length).toBe(1);
  expect(tiled.plan.tiles.length).toBeGreaterThan(1);
  return largestDifference(tiled.residual, whole.residual);
}

describe.each(Object.entries(FILTERS))('%s on tiles', (id, filter) => {
  test.each([25, 100])('does at sigma %i what it does on the whole', async (sigma) => {
    expect(await tiledDifference(id, filter, filter.halo, sigma)).toBeLessThan(1e-6);
  });

  test('does so at the measured halo to half a step of 8 bits', async () => {
    expect(filter.measuredHalo).toBeLessThanOrEqual(filter.halo);
    expect(await tiledDifference(id, filter, filter.measuredHalo, 50)).toBeLessThan(HALF_STEP);
  });

  test('needs a halo', async () => {
    expect(await tiledDifference(id, filter, 0, 100)).toBeGreaterThan(HALF_STEP);
  });
});
