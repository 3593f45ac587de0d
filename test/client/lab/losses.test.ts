import { expect, test } from 'vitest';
import { lossesOf } from '../../../client/lab/digits/losses.ts';
import type { FloatImage } from '../../../models/image.ts';

const even = (value: number): FloatImage => ({
  ...{ data: new Float32Array(784).fill(value), width: 28, height: 28, channels: 1 },
});

test('losses have the values of their definitions', () => {
  const losses = lossesOf(even(1), even(0.8));
  expect(losses.crossEntropy).toBeCloseTo(-Math.log(0.8), 6);
  expect(losses.meanSquare).toBeCloseTo(0.04, 7);
  // 0.8 is 204 of 255
  expect(losses.psnr).toBeCloseTo(20 * Math.log10(1 / 0.2), 5);
});

test('a wrong certainty costs much, but not infinitely', () => {
  expect(lossesOf(even(1), even(0)).crossEntropy).toBeCloseTo(-Math.log(1e-7), 4);
});

test('of itself a picture has no error, but the cross-entropy of its greys', () => {
  const losses = lossesOf(even(128 / 255), even(128 / 255));
  expect(losses).toMatchObject({ meanSquare: 0, psnr: Number.POSITIVE_INFINITY, ssim: 1 });
  expect(losses.crossEntropy).toBeCloseTo(Math.log(2), 4);
});
