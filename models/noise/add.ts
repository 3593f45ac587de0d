import type { FloatImage } from '../image.ts';
import { clip, expectDraws, expectInRange, mapValues } from './parameters.ts';
import { sfc32 } from './random.ts';

/** How noise is added. */
export interface NoiseOptions {
  /** Any integer; the same seed gives the same noise. */
  seed: number;
  /** Clip to 0..1 and round to 8 bits, as a file would hold it. Otherwise values may leave 0..1. */
  eightBit?: boolean;
}

/**
 * Independent standard normal numbers (mean 0, variance 1), by Marsaglia's polar method (1964).
 *
 * @param length how many
 * @param seed any integer; the same seed gives the same numbers, and a shorter array is the start of a longer one
 */
export function gaussianNoise(length: number, seed: number): Float32Array {
  const uniform = sfc32(seed);
  const noise = new Float32Array(length);
  for (let i = 0; i < length; i += 2) {
    let x: number;
    let y: number;
    let square: number;
    do {
      x = 2 * uniform() - 1;
      y = 2 * uniform() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square === 0);
    const scale = Math.sqrt((-2 * Math.log(square)) / square);
    noise[i] = x * scale;
    if (i + 1 < length) noise[i + 1] = y * scale;
  }
  return noise;
}

/**
 * White Gaussian noise, independent in every pixel and channel.
 *
 * @param image [H,W,C]
 * @param normal [H,W,C] standard normal numbers
 * @param sigma standard deviation on the 0..255 scale, 0..255
 * @param eightBit as in `NoiseOptions`
 */
export function withGaussian(image: FloatImage, normal: Float32Array, sigma: number, eightBit = false): FloatImage {
  expectInRange('sigma', sigma, 0, 255);
  expectDraws(normal, image.data.length);
  return mapValues(image, (old, i) => {
    const value = old + ((normal[i] as number) * sigma) / 255;
    return eightBit ? Math.round(clip(value) * 255) / 255 : value;
  });
}

/** `withGaussian` of numbers that follow from the seed. */
export function addGaussian(image: FloatImage, sigma: number, { seed, eightBit }: NoiseOptions): FloatImage {
  return withGaussian(image, gaussianNoise(image.data.length, seed), sigma, eightBit);
}

/**
 * `x + factor * N(0, 1)`, clipped to 0..1: as courses on denoising autoencoders add it to MNIST.
 *
 * @param image [H,W,C]
 * @param normal [H,W,C] standard normal numbers
 * @param factor standard deviation on the 0..1 scale, 0..2; usually 0.3, 0.5 or 0.8
 */
export function withNoiseFactor(image: FloatImage, normal: Float32Array, factor: number): FloatImage {
  expectInRange('factor', factor, 0, 2);
  expectDraws(normal, image.data.length);
  return mapValues(image, (value, i) => clip(value + factor * (normal[i] as number)));
}

/** `withNoiseFactor` of numbers that follow from the seed, any integer. */
export function addNoiseFactor(image: FloatImage, factor: number, seed: number): FloatImage {
  return withNoiseFactor(image, gaussianNoise(image.data.length, seed), factor);
}
