import type { FloatImage } from '../image.ts';
import { expectDraws, expectInRange, mapValues } from './parameters.ts';
import { uniformNoise } from './random.ts';

/**
 * Salt and pepper: some values turn black or white, each as likely; channels on their own.
 *
 * @param image [H,W,C]
 * @param uniform [H,W,C] uniform numbers 0..1
 * @param share of all values that turn, 0..1
 */
export function withSaltAndPepper(image: FloatImage, uniform: Float32Array, share: number): FloatImage {
  expectInRange('share', share, 0, 1);
  expectDraws(uniform, image.data.length);
  return mapValues(image, (value, i) => {
    const place = uniform[i] as number;
    if (place < share / 2) return 0;
    return place > 1 - share / 2 ? 1 : value;
  });
}

/** `withSaltAndPepper` of numbers that follow from the seed, any integer. */
export function addSaltAndPepper(image: FloatImage, share: number, seed: number): FloatImage {
  return withSaltAndPepper(image, uniformNoise(image.data.length, seed), share);
}
