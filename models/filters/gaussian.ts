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

/** Standard deviations (px) with the best PSNR on Set12. */
const SD = [
  [0, 0.25],
  [5, 0.4],
  [10, 0.53],
  [15, 0.7],
  [25, 0.9],
  [50, 1.3],
  [75, 1.7],
  [100, 2.05],
] as const;

export const gaussian: Filter = {
  title: 'Gaussian blur',
  description: 'Averages each pixel with its neighbours, the less the further away they are.',
  paper: 'D. Marr, E. Hildreth: Theory of edge detection. Proceedings of the Royal Society B 207, 1980',
  limits: ['Blurs edges and texture as much as noise.'],
  sigmaMin: 0,
  sigmaMax: 100,
  halo: 8,
  measuredHalo: 8,
  sizeMultiple: 1,
  apply: (image, sigma) => gaussianFilter(image, interpolate(SD, sigma)),
};
