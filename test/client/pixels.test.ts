import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { widestColorSpace } from '../../client/files/canvas.ts';
import { mixRgba } from '../../client/files/mix-rgba.ts';
import { compact, toRgba } from '../../client/files/pixels.ts';
import type { RasterImage } from '../../models/image.ts';
import { fromRaster, toRaster } from '../../models/image.ts';
import { mixResidual } from '../../models/mix.ts';
import { gaussianNoise } from '../../models/noise/add.ts';
import { RESIDUAL_STEPS, toFloats } from '../../models/residual.ts';

beforeAll(() => {
  // what of the browser's ImageData is used
  vi.stubGlobal(
    'ImageData',
    class {
      readonly width: number;
      readonly height: number;
      readonly data: Uint8ClampedArray;
      constructor(width: number, height: number) {
        this.width = width;
        this.height = height;
        this.data = new Uint8ClampedArray(width * height * 4);
      }
    },
  );
});
afterAll(() => {
  vi.unstubAllGlobals();
});

const rgba = (...values: number[]) => Uint8ClampedArray.from(values);

test.each([
  ['grey', rgba(7, 7, 7, 255, 9, 9, 9, 255), [7, 9], 1],
  ['grey with alpha', rgba(7, 7, 7, 255, 9, 9, 9, 3), [7, 255, 9, 3], 2],
  ['colour', rgba(7, 8, 7, 255, 9, 9, 9, 255), [7, 8, 7, 9, 9, 9], 3],
  ['colour with alpha', rgba(7, 7, 7, 255, 9, 9, 1, 3), [7, 7, 7, 255, 9, 9, 1, 3], 4],
] as const)('%s loses nothing but what says nothing', (_, data, expected, channels) => {
  const image = compact(data, 2, 1);
  expect(image.channels).toBe(channels);
  expect(Array.from(image.data)).toEqual(expected);
  expect(Array.from(toRgba(image).data)).toEqual(Array.from(data));
});

test('16 bits are rounded to 8', () => {
  const deep: RasterImage = { data: Uint16Array.of(0, 128, 129, 65535), width: 4, height: 1, channels: 1, depth: 16 };
  expect(Array.from(toRgba(deep).data.filter((_, i) => i % 4 === 0))).toEqual([0, 0, 1, 255]);
});

test.each([1, 2, 3, 4] as const)('the quick mix of %i channels is that of the pipeline, rounding aside', (channels) => {
  const [width, height] = [31, 17];
  const samples = gaussianNoise(width * height * channels, 5).map((value) => 128 + 90 * value);
  const noisy: RasterImage = { data: Uint8ClampedArray.from(samples), width, height, channels, depth: 8 };
  const { colour, alpha } = fromRaster(noisy);
  const steps = Int16Array.from(gaussianNoise(colour.data.length, 6), (value) => value * 0.1 * RESIDUAL_STEPS);
  const residual = toFloats(steps);
  for (const mix of [
    { strength: 1, luma: 1, chroma: 1 },
    { strength: 0.7, luma: 0.2, chroma: 0.9 },
    { strength: 0, luma: 1, chroma: 1 },
  ]) {
    const slow = toRgba(toRaster(mixResidual(colour, residual, mix), alpha, 8)).data;
    const quick = mixRgba(noisy, steps, mix).data;
    quick.forEach((value, i) => {
      if (quick[i - (i % 4) + 3] === 0) return;
      expect(Math.abs(value - (slow[i] as number))).toBeLessThanOrEqual(1);
    });
    // a tie may round either way, and nothing else may differ
    expect(quick.filter((value, i) => value !== slow[i] && quick[i - (i % 4) + 3] !== 0).length).toBeLessThan(5);
  }
});

test('colours that nobody sees stay', () => {
  const noisy: RasterImage = { data: rgba(10, 20, 30, 0, 10, 20, 30, 1), width: 2, height: 1, channels: 4, depth: 8 };
  const mixed = mixRgba(noisy, new Int16Array(6).fill(-4000), { strength: 1, luma: 1, chroma: 1 });
  expect(Array.from(mixed.data)).toEqual([10, 20, 30, 0, 41, 51, 61, 1]);
});

test('a browser whose ImageData says nothing of colours has sRGB', () => {
  expect(widestColorSpace()).toBe('srgb');
});
