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
  paper: 'Older than the field; see A. Rosenfeld, A. C. Kak: Digital Picture Processing, 1976',
  limits: ['Blurs edges and texture as much as noise.', 'Below sigma 10 it takes away more than the noise did.'],
  sigmaMin: 0,
  sigmaMax: 100,
  halo: 3,
  measuredHalo: 3,
  sizeMultiple: 1,
  apply: (image, sigma) => meanFilter(image, sigma < 38 ? 3 : sigma < 65 ? 5 : 7),
};
