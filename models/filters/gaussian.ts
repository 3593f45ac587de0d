import type { FloatImage } from '../image.ts';
import { convolve } from './convolve.ts';
import { type Filter, interpolate } from './filter.ts';
import { mapPlanes } from './planes.ts';

/** The kernel ends where it has fallen to e^-8. */
const REACH = 4;

/** The Gaussian blur of standard deviation `sd`, px; mirrored at the border. */
export function gaussianFilter(image: FloatImage, sd: number): FloatImage {
  const radius = Math.round(REACH * sd);
  const raw = Float64Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sd ** 2)));
  const sum = raw.reduce((a, b) => a + b);
  const kernel = raw.map((value) => value / sum);
  return mapPlanes(image, (plane) => convolve(plane, kernel));
}
