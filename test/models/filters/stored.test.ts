import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type BilateralOptions, bilateral } from '../../../models/filters/bilateral.ts';
import { bm3d } from '../../../models/filters/bm3d/bm3d.ts';
import { gaussianFilter } from '../../../models/filters/gaussian.ts';
import { meanFilter } from '../../../models/filters/mean.ts';
import { medianFilter } from '../../../models/filters/median.ts';
import { type NonLocalMeansOptions, nonLocalMeans } from '../../../models/filters/non-local-means.ts';
import { type TotalVariationOptions, totalVariation } from '../../../models/filters/total-variation.ts';
import { type WaveletOptions, waveletShrinkage } from '../../../models/filters/wavelet.ts';
import type { FloatImage } from '../../../models/image.ts';
import { root } from '../../paths.ts';
import { largestDifference } from '../pictures.ts';

type Settings = { size: number; sd: number; sigma: number } & BilateralOptions &
  NonLocalMeansOptions &
  TotalVariationOptions &
  WaveletOptions;

interface Stored {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  readonly image: string;
  readonly results: readonly { readonly filter: string; readonly settings: Settings; readonly output: string }[];
}

/** Made by filters.py beside it: scikit-image, SciPy, and definitions in NumPy. */
const stored: Stored[] = JSON.parse(readFileSync(`${root}test/stored/filters.json`, 'utf8'));

const filters: Record<string, (image: FloatImage, settings: Settings) => FloatImage> = {
  mean: (image, { size }) => meanFilter(image, size),
  gaussian: (image, { sd }) => gaussianFilter(image, sd),
  median: (image, { size }) => medianFilter(image, size),
  bilateral,
  nlm: nonLocalMeans,
  tv: totalVariation,
  wavelet: waveletShrinkage,
  bm3d: (image, { sigma }) => bm3d(image, sigma),
};

/** Of non-local means' weights the smallest are cut off within a thousandth of where the definition does. */
const tolerances: Record<string, number> = { nlm: 5e-5 };

function floats(base64: string): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
  return new Float32Array(bytes.buffer);
}

describe.each(stored)('the filters do to $channels channels', ({ results, image: noisy, ...shape }) => {
  test.each(results)('what their references do: $filter, $settings', ({ filter, settings, output }) => {
    const image = { ...shape, data: floats(noisy) };
    const denoised = filters[filter]?.(image, settings) as FloatImage;
    expect(denoised).toMatchObject(shape);
    expect(largestDifference(denoised.data, floats(output))).toBeLessThan(tolerances[filter] ?? 1e-5);
    // a reference that does nothing would prove nothing
    expect(largestDifference(denoised.data, image.data)).toBeGreaterThan(0.01);
  });
});
