import type { FloatImage } from '../image.ts';
import type { Filter } from './filter.ts';
import { mapPlanes, mirrorPad, type Plane } from './planes.ts';

/** The median over squares of `size` x `size` px, an odd number; mirrored at the border. */
export function medianFilter(image: FloatImage, size: number): FloatImage {
  return mapPlanes(image, (plane) => medians(plane, size));
}

function medians(plane: Plane, size: number): Plane {
  const { width, height } = plane;
  const padded = mirrorPad(plane, size >> 1);
  const data = new Float32Array(width * height);
  const square = new Float32Array(size * size);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to++) {
      for (let row = 0, i = 0; row < size; row++) {
        const from = (y + row) * padded.width + x;
        for (let column = 0; column < size; column++, i++) square[i] = padded.data[from + column] as number;
      }
      data[to] = middle(square);
    }
  }
  return { data, width, height };
}

/** The median of an odd number of values, by Hoare's selection (1961); leaves them in another order. */
function middle(values: Float32Array): number {
  const rank = values.length >> 1;
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[rank] as number;
    let i = low;
    let j = high;
    while (i <= j) {
      while ((values[i] as number) < pivot) i++;
      while (pivot < (values[j] as number)) j--;
      if (i > j) break;
      const swapped = values[i] as number;
      values[i++] = values[j] as number;
      values[j--] = swapped;
    }
    if (j < rank) low = i;
    if (rank < i) high = j;
  }
  return values[rank] as number;
}

export const median: Filter = {
  title: 'Median',
  description: 'Each pixel becomes the middle one of the values in the square around it.',
  paper: 'J. W. Tukey: Exploratory Data Analysis, 1977',
  limits: [
    'Made for single wrong pixels; of Gaussian noise the mean removes more.',
    'Rounds corners and deletes thin lines.',
    'Below sigma 10 it takes away more than the noise did.',
  ],
  sigmaMin: 0,
  sigmaMax: 100,
  halo: 3,
  measuredHalo: 3,
  sizeMultiple: 1,
  apply: (image, sigma) => medianFilter(image, sigma < 34 ? 3 : sigma < 62 ? 5 : 7),
};
