import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { FloatImage } from '../../models/image.ts';
import { psnr, roundTo8Bit, ssim } from '../../models/metrics.ts';
import { root } from '../paths.ts';
import { randomFloat } from './pictures.ts';

interface Stored {
  readonly name: string;
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  readonly clean: string;
  readonly noisy: string;
  readonly psnr: number;
  readonly ssim: number;
}

/** Made by metrics.py beside it. */
const stored: Stored[] = JSON.parse(readFileSync(`${root}test/stored/metrics.json`, 'utf8'));

function image({ width, height, channels }: Stored, base64: string): FloatImage {
  const data = Float32Array.from(Buffer.from(base64, 'base64'), (value) => value / 255);
  return { data, width, height, channels };
}

test.each(stored)('PSNR and SSIM are scikit-image’s: $name', (each) => {
  const [clean, noisy] = [image(each, each.clean), image(each, each.noisy)];
  expect(Math.abs(psnr(clean, noisy) - each.psnr)).toBeLessThan(1e-4);
  expect(Math.abs(ssim(clean, noisy) - each.ssim)).toBeLessThan(1e-4);
});

describe('metrics', () => {
  const a = randomFloat(16, 12, 3);

  test('of an image and itself are the best there are', () => {
    expect(psnr(a, a)).toBe(Number.POSITIVE_INFINITY);
    expect(ssim(a, a)).toBeCloseTo(1, 12);
  });

  test('of one wrong step in 255 everywhere are 48.13 dB', () => {
    const b = { ...a, data: a.data.map((value) => value + 1 / 255) };
    expect(psnr(a, b)).toBeCloseTo(20 * Math.log10(255), 3);
  });

  test('refuse images of two shapes, and SSIM those smaller than its window', () => {
    expect(() => psnr(a, randomFloat(12, 16, 3))).toThrow(/16 x 12 x 3 but received 12 x 16 x 3/);
    expect(() => ssim(a, randomFloat(16, 12, 1))).toThrow(/one shape/);
    const small = randomFloat(10, 40, 1);
    expect(() => ssim(small, small)).toThrow(/at least 11 x 11/);
  });

  test('are taken on what a file would hold', () => {
    const data = Float32Array.of(-0.5, 0.4 / 255, 0.6 / 255, 254.6 / 255, 2);
    const rounded = roundTo8Bit({ data, width: 5, height: 1, channels: 1 });
    expect([...rounded.data].map((value) => value * 255)).toEqual(
      [0, 0, 1, 255, 255].map((value) => expect.closeTo(value, 4)),
    );
  });
});
