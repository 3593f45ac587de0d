import { describe, expect, test } from 'vitest';
import { deadLeaves } from '../../../cli/evaluation/scenes.ts';
import { gaussianFilter } from '../../../models/filters/gaussian.ts';
import { FILTERS, type Filter, type FilterId } from '../../../models/filters/index.ts';
import { meanFilter } from '../../../models/filters/mean.ts';
import type { FloatImage } from '../../../models/image.ts';
import { psnr } from '../../../models/metrics.ts';
import { addGaussian } from '../../../models/noise/add.ts';
import { largestDifference, randomFloat } from '../pictures.ts';

const filters = Object.entries(FILTERS);

function constant(width: number, height: number, channels: 1 | 3, value: number): FloatImage {
  return { data: new Float32Array(width * height * channels).fill(value), width, height, channels };
}

describe.each(filters)('%s', (id, filter: Filter) => {
  describe.each([1, 3] as const)('on %i channels', (channels) => {
    test.each([
      [1, 1],
      [3, 5],
      [37, 2],
      [23, 29],
    ])('returns numbers for %i x %i px, whatever sigma is', (width, height) => {
      const image = randomFloat(width, height, channels);
      for (const sigma of [1e-3, 25, 60, 1e6]) {
        const denoised = filter.apply(image, sigma);
        expect(denoised).toMatchObject({ width, height, channels });
        expect(denoised.data.length).toBe(image.data.length);
        expect(denoised.data.every(Number.isFinite)).toBe(true);
      }
    });

    test('leaves the image that it was given alone, and changes its own', () => {
      const image = randomFloat(16, 12, channels);
      const before = image.data.slice();
      const { data } = filter.apply(image, 25);
      expect(image.data).toEqual(before);
      expect(largestDifference(data, before)).toBeGreaterThan(0.01);
    });

    test('leaves one colour as it is, black too', () => {
      for (const value of [0, 0.7]) {
        const image = constant(31, 26, channels, value);
        for (const sigma of [5, 50]) {
          const { data } = filter.apply(image, sigma);
          expect(Math.max(...data) - Math.min(...data)).toBeLessThan(1e-5);
          // BM3D's Wiener filter shrinks the mean too: by the noise's part of its power, at 50 one in 50,000
          expect(largestDifference(data, image.data)).toBeLessThan(id === 'bm3d' ? 5e-5 : 1e-5);
        }
      }
    });

    test('at sigma 0 has nothing to remove', () => {
      const image = randomFloat(9, 7, channels);
      const { data } = filter.apply(image, 0);
      expect(data).toEqual(image.data);
      expect(data).not.toBe(image.data);
    });
  });

  test('refuses a sigma that is none', () => {
    const image = randomFloat(4, 4, 1);
    for (const sigma of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => filter.apply(image, sigma)).toThrow(/0 or more but received/);
    }
  });
});

/** dB gained on a scene of overlapping discs at sigma 15, 25 and 50, in grey and in colour; measured, rounded down. */
const GAINS: Readonly<Record<FilterId, readonly [grey: readonly number[], colour: readonly number[]]>> = {
  mean: [
    [3.6, 6.3, 8.4],
    [3.2, 6.1, 8.1],
  ],
  gaussian: [
    [4.7, 6.5, 9.3],
    [4.4, 6.3, 9],
  ],
  median: [
    [4.5, 5.8, 8.1],
    [4.4, 5.7, 8.1],
  ],
  bilateral: [
    [5.9, 7.1, 9.3],
    [6.9, 8.1, 8.9],
  ],
  nlm: [
    [6.9, 7.4, 8.6],
    [6.9, 8.9, 9.7],
  ],
  tv: [
    [6.3, 7.7, 9.7],
    [6.2, 7.5, 9.5],
  ],
  wavelet: [
    [5.1, 6.8, 9.3],
    [5, 6.7, 9.2],
  ],
  bm3d: [
    [6.5, 8, 10.2],
    [8.1, 9.6, 11.7],
  ],
};

describe('with the settings for its sigma', () => {
  const colour = deadLeaves(96, 80, 3);
  const grey = { width: 96, height: 80, channels: 1, data: colour.data.filter((_, i) => i % 3 === 1) } as const;

  test.each(filters)('%s removes as much noise as it did when they were chosen', (id, filter) => {
    for (const [i, clean] of [grey, colour].entries()) {
      for (const [j, sigma] of [15, 25, 50].entries()) {
        const noisy = addGaussian(clean, sigma, { seed: 1 });
        const gain = psnr(clean, filter.apply(noisy, sigma)) - psnr(clean, noisy);
        expect(gain).toBeGreaterThan(GAINS[id as FilterId][i]?.[j] as number);
      }
    }
  });

  test('the mean takes larger squares, the blur wider ones, the more noise there is', () => {
    const image = randomFloat(20, 16, 1);
    expect(FILTERS.mean.apply(image, 37)).toEqual(meanFilter(image, 3));
    expect(FILTERS.mean.apply(image, 38)).toEqual(meanFilter(image, 5));
    // half way between the settings for 15 (0.7) and 25 (0.9)
    expect(largestDifference(FILTERS.gaussian.apply(image, 20).data, gaussianFilter(image, 0.8).data)).toBeLessThan(
      1e-6,
    );
    // beyond the last: as at the last
    expect(FILTERS.gaussian.apply(image, 200)).toEqual(FILTERS.gaussian.apply(image, 100));
  });
});
