import type { FloatImage } from '../image.ts';
import { convolve } from './convolve.ts';
import type { Filter } from './filter.ts';
import { mapPlanes } from './planes.ts';

/** The mean over squares of `size` x `size` px, an odd number; mirrored at the border. */
export function meanFilter(image: FloatImage, size: number): FloatImage {
  const kernel = new Float64Array(size).fill(1 / size);
  return mapPlanes(image, (plane) => convolve(plane, kernel));
}

export const mean: Filter = {
  title: 'Mean',
  description: 'Each pixel becomes the average of the square around it.',
  paper: 'none: older than the field',
  limits: ['Blurs edges and texture as much as noise.'],
  sigmaMin: 1,
  sigmaMax: 100,
  halo: 3,
  measuredHalo: 3,
  sizeMultiple: 1,
  apply: (image, sigma) => meanFilter(image, sigma < 35 ? 3 : sigma < 80 ? 5 : 7),
};
