import type { FloatImage } from '../image.ts';
import { type Filter, interpolate } from './filter.ts';
import { crop, joinPlanes, mirrorPad, splitPlanes } from './planes.ts';

export interface NonLocalMeansOptions {
  /** px: the side of the patches that are compared. Where it is even they reach one px further right and down. */
  readonly patch: number;
  /** px: how far from a pixel others are looked for, along either axis. */
  readonly radius: number;
  /** Root mean square difference, 0..1, at which a weight has fallen to 1/e. */
  readonly h: number;
  /** Of the noise, 0..1: what it adds to every difference is taken off. */
  readonly sigma: number;
  /** The weight of the pixel itself, 1 unless given; others have at most 1. */
  readonly ownWeight?: number;
}

/**
 * Means over all pixels of a window, weighted by how alike the patches around them are; mirrored at the border.
 *
 * One offset at a time, so that sums over patches slide along (J. Darbon et al.: Fast nonlocal filtering applied to
 * electron cryomicroscopy, 2008), and each comparison serves both pixels.
 */
export function nonLocalMeans(image: FloatImage, options: NonLocalMeansOptions): FloatImage {
  const { width, height } = image;
  const { patch, radius, h, sigma, ownWeight = 1 } = options;
  const before = (patch - 1) >> 1;
  const margin = radius + (patch >> 1);
  const padded = splitPlanes(image).map((plane) => mirrorPad(plane, margin));
  const planes = padded.map((plane) => plane.data);
  const stride = width + 2 * margin;
  const sums = planes.map((plane) => Float64Array.from(plane, (value) => ownWeight * value));
  const totals = new Float64Array(stride * (height + 2 * margin)).fill(ownWeight);
  const columns = new Float64Array(stride);
  const weights = new Float64Array(stride);
  const scale = 1 / (planes.length * patch ** 2 * h ** 2);
  const fromNoise = (2 * sigma ** 2) / h ** 2;
  for (let dy = 0; dy <= radius; dy++) {
    for (let dx = dy === 0 ? 1 : -radius; dx <= radius; dx++) {
      const apart = dy * stride + dx;
      // the image's pixels, and those that have one of them at this offset
      const left = margin - Math.max(dx, 0);
      const right = margin + width + Math.max(-dx, 0);
      const top = margin - dy;
      const [first, end] = [left - before, right - before + patch - 1];
      columns.fill(0);
      for (let row = 0; row < patch - 1; row++) {
        addSquares(planes, columns, (top - before + row) * stride, first, end, apart, 1);
      }
      for (let y = top; y < margin + height; y++) {
        addSquares(planes, columns, (y - before + patch - 1) * stride, first, end, apart, 1);
        weigh(columns, weights, left, right, before, patch, scale, fromNoise);
        addSquares(planes, columns, (y - before) * stride, first, end, apart, -1);
        for (let x = left, i = y * stride + left; x < right; x++, i++) {
          const weight = weights[x] as number;
          totals[i] = (totals[i] as number) + weight;
          totals[i + apart] = (totals[i + apart] as number) + weight;
        }
        for (let c = 0; c < planes.length; c++) {
          exchange(planes[c] as Float32Array, sums[c] as Float64Array, weights, y * stride, left, right, apart);
        }
      }
    }
  }
  const means = padded.map((plane, c) => {
    const data = plane.data.map((_, i) => ((sums[c] as Float64Array)[i] as number) / (totals[i] as number));
    return crop({ ...plane, data }, margin, margin, width, height);
  });
  return joinPlanes(means);
}

/** Adds to the column sums the squared differences of a row's pixels from those `apart`, or takes them off. */
function addSquares(
  planes: readonly Float32Array[],
  columns: Float64Array,
  row: number,
  first: number,
  end: number,
  apart: number,
  sign: 1 | -1,
): void {
  for (const plane of planes) {
    for (let x = first, i = row + first; x < end; x++, i++) {
      const difference = (plane[i] as number) - (plane[i + apart] as number);
      columns[x] = (columns[x] as number) + sign * difference * difference;
    }
  }
}

/** From the sums over patches to weights; those below e^-5 count as nothing. */
function weigh(
  columns: Float64Array,
  weights: Float64Array,
  left: number,
  right: number,
  before: number,
  patch: number,
  scale: number,
  fromNoise: number,
): void {
  const last = patch - 1 - before;
  let sum = 0;
  for (let x = left - before; x < left + last; x++) sum += columns[x] as number;
  for (let x = left; x < right; x++) {
    sum += columns[x + last] as number;
    const distance = sum * scale - fromNoise;
    weights[x] = distance > FARTHEST ? 0 : distance > 0 ? fallOff(distance) : 1;
    sum -= columns[x - before] as number;
  }
}

const FARTHEST = 5;
const TABLE_STEPS = 1024;
const TABLE = Float64Array.from({ length: FARTHEST * TABLE_STEPS + 2 }, (_, i) => Math.exp(-i / TABLE_STEPS));

/** e^-distance to 1e-7, by lines between stored values: half of the time would go into Math.exp. */
function fallOff(distance: number): number {
  const position = distance * TABLE_STEPS;
  const i = Math.floor(position);
  const start = TABLE[i] as number;
  return start + ((TABLE[i + 1] as number) - start) * (position - i);
}

/** Each of two pixels takes in the other's value. */
function exchange(
  plane: Float32Array,
  sums: Float64Array,
  weights: Float64Array,
  row: number,
  left: number,
  right: number,
  apart: number,
): void {
  for (let x = left, i = row + left; x < right; x++, i++) {
    const weight = weights[x] as number;
    sums[i] = (sums[i] as number) + weight * (plane[i + apart] as number);
    sums[i + apart] = (sums[i + apart] as number) + weight * (plane[i] as number);
  }
}
