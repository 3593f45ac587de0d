import type { FloatImage } from '../image.ts';
import { gaussianNoise } from './add.ts';
import { cumulative } from './normal.ts';
import { clip, expectDraws, expectInRange, mapValues } from './parameters.ts';

/** Photons from which on Cornish and Fisher's expansion is right to a photon. */
const FEWEST_EXPANDED = 32;

/**
 * Shot noise: every value is a count of photons over `peak`, the count that white has on average. Not clipped: more
 * photons than `peak` are values above 1.
 *
 * A count is the Poisson distribution's quantile where `normal` is the normal distribution's.
 *
 * @param image [H,W,C]; taken as light as it is, and clipped to 0..1
 * @param normal [H,W,C] standard normal numbers
 * @param peak photons, 0.1..1e6; at 255 and above an image is hardly grainy, at 1 hardly an image
 */
export function withPoisson(image: FloatImage, normal: Float32Array, peak: number): FloatImage {
  expectInRange('peak', peak, 0.1, 1e6);
  expectDraws(normal, image.data.length);
  return mapValues(image, (value, i) => poissonQuantile(clip(value) * peak, normal[i] as number) / peak);
}

/** `withPoisson` of numbers that follow from the seed, any integer. */
export function addPoisson(image: FloatImage, peak: number, seed: number): FloatImage {
  return withPoisson(image, gaussianNoise(image.data.length, seed), peak);
}

function poissonQuantile(mean: number, normal: number): number {
  if (mean >= FEWEST_EXPANDED) {
    return Math.max(Math.floor(mean + Math.sqrt(mean) * normal + (normal ** 2 - 1) / 6 + 0.5), 0);
  }
  const quantile = cumulative(normal);
  let probability = Math.exp(-mean);
  let below = probability;
  let photons = 0;
  // The sum may stay a rounding error short of 1, so it is not waited for.
  while (quantile > below && photons < 4 * FEWEST_EXPANDED - 1) {
    photons++;
    probability *= mean / photons;
    below += probability;
  }
  return photons;
}
