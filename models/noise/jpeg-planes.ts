import { AREA, forwardDct, inverseDct, SIDE } from './dct.ts';

/** One component of a JPEG: [H,W], whole numbers around 0. */
export interface Plane {
  readonly data: Float64Array;
  readonly width: number;
  readonly height: number;
}

/** Halves away from 0. Sums of cosines that are halves come out a hair off: those, too. */
const rounded = (value: number) => Math.sign(value) * Math.floor(Math.abs(value) + 0.5 + 1e-6);

/** A plane through the quantised DCT of its 8x8 blocks; the last ones are filled up with the border. */
export function codePlane({ data, width, height }: Plane, steps: readonly number[]): Plane {
  const decoded = new Float64Array(data.length);
  const block = new Float64Array(AREA);
  const coefficients = new Float64Array(AREA);
  for (let top = 0; top < height; top += SIDE) {
    for (let left = 0; left < width; left += SIDE) {
      for (let i = 0; i < AREA; i++) {
        const y = Math.min(top + Math.floor(i / SIDE), height - 1);
        const x = Math.min(left + (i % SIDE), width - 1);
        block[i] = data[y * width + x] as number;
      }
      forwardDct(block, coefficients, 0);
      for (let i = 0; i < AREA; i++) {
        const step = steps[i] as number;
        coefficients[i] = rounded((coefficients[i] as number) / step) * step;
      }
      inverseDct(coefficients);
      for (let y = top; y < Math.min(top + SIDE, height); y++) {
        for (let x = left; x < Math.min(left + SIDE, width); x++) {
          const value = rounded(coefficients[(y - top) * SIDE + x - left] as number);
          decoded[y * width + x] = Math.min(Math.max(value, -128), 127);
        }
      }
    }
  }
  return { data: decoded, width, height };
}

/** Means of 2x2 values; a border of odd size counts twice. Halves go up in every second column, as in libjpeg. */
export function halvePlane({ data, width, height }: Plane): Plane {
  const half = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
  const means = new Float64Array(half.width * half.height);
  for (let i = 0; i < means.length; i++) {
    const column = i % half.width;
    const [x, y] = [2 * column, 2 * Math.floor(i / half.width)];
    const right = Math.min(x + 1, width - 1);
    const below = Math.min(y + 1, height - 1);
    let sum = 0;
    for (const row of [y, below]) sum += (data[row * width + x] as number) + (data[row * width + right] as number);
    means[i] = Math.floor((sum + 1 + (column % 2)) / 4);
  }
  return { data: means, ...half };
}

/** Twice as large, less a row or column where the size is odd: 3/4 of the nearer value, 1/4 of the farther. */
export function doublePlane(half: Plane, width: number, height: number): Plane {
  const data = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    const [row, otherRow] = nearest(y, half.height);
    for (let x = 0; x < width; x++) {
      const [column, otherColumn] = nearest(x, half.width);
      const along = (at: number) =>
        3 * (half.data[at * half.width + column] as number) + (half.data[at * half.width + otherColumn] as number);
      // libjpeg's "fancy upsampling": in sixteenths, rounded the other way in every second column.
      data[y * width + x] = Math.floor((3 * along(row) + along(otherRow) + 8 - (x % 2)) / 16);
    }
  }
  return { data, width, height };
}

/** Of a place in the doubled plane: the value that it belongs to, and the next on its other side. */
function nearest(place: number, length: number): [number, number] {
  const nearer = Math.floor(place / 2);
  const farther = nearer + (place % 2 === 0 ? -1 : 1);
  return [nearer, Math.min(Math.max(farther, 0), length - 1)];
}
