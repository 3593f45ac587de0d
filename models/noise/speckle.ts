import type { FloatImage } from '../image.ts';
import { gaussianNoise } from './add.ts';
import { expectDraws, expectInRange, mapValues } from './parameters.ts';

/**
 * Multiplicative Gaussian noise, `x + x * n`: none on black, `sigma` on white. Not clipped.
 *
 * @param image [H,W,C]
 * @param normal [H,W,C] standard normal numbers
 * @param sigma 0..255, on the 0..255 scale
 */
export function withSpeckle(image: FloatImage, normal: Float32Array, sigma: number): FloatImage {
  expectInRange('sigma', sigma, 0, 255);
  expectDraws(normal, image.data.length);
  return mapValues(image, (value, i) => value + (value * (normal[i] as number) * sigma) / 255);
}

/** `withSpeckle` of numbers that follow from the seed, any integer. */
export function addSpeckle(image: FloatImage, sigma: number, seed: number): FloatImage {
  return withSpeckle(image, gaussianNoise(image.data.length, seed), sigma);
}
