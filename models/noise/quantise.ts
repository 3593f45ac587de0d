import type { FloatImage } from '../image.ts';
import { clip, expectWhole, mapValues } from './parameters.ts';

/**
 * The nearest of `levels` equally spaced values from 0 to 1: what few bits leave of an image.
 *
 * @param image [H,W,C]
 * @param levels a whole number from 2 to 65536; 2^bits
 */
export function quantise(image: FloatImage, levels: number): FloatImage {
  expectWhole('levels', levels, 2, 65536);
  const steps = levels - 1;
  return mapValues(image, (value) => Math.floor(clip(value) * steps + 0.5) / steps);
}
