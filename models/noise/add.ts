import type { FloatImage } from '../image.ts';
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
 * A copy of `image` with white Gaussian noise, independent in every pixel and channel.
 *
 * @param sigma standard deviation on the 0..255 scale
 */
export function addGaussian(image: FloatImage, sigma: number, { seed, eightBit = false }: NoiseOptions): FloatImage {
  const data = gaussianNoise(image.data.length, seed);
  for (let i = 0; i < data.length; i++) {
    const value = (image.data[i] as number) + ((data[i] as number) * sigma) / 255;
    data[i] = eightBit ? Math.round(Math.min(Math.max(value, 0), 1) * 255) / 255 : value;
  }
  return { ...image, data };
}
