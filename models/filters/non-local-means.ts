import type { FloatImage } from '../image.ts';
import type { Filter } from './filter.ts';
import { crop, joinPlanes, mirrorPad, splitPlanes } from './planes.ts';

export interface NonLocalMeansOptions {
  /** px: the side of the patches that are compared, an odd number. */
  readonly patch: number;
  /** px: how far from a pixel others are looked for, along either axis. */
  readonly radius: number;
  /** Root mean square difference, 0..1, at which a weight has fallen to 1/e. */
  readonly h: number;
  /** Of the noise, 0..1: what it adds to every difference is taken off. */
  readonly sigma: number;
}

/**
 * Means over all pixels of a window, weighted by how alike the patches around them are; mirrored at the border.
 *
 * One offset at a time, so that sums over patches slide along (J. Darbon et al.: Fast nonlocal filtering applied to
 * electron cryomicroscopy, 2008), and each comparison serves both pixels.
 */
export function nonLocalMeans(image: FloatImage, options: NonLocalMeansOptions): FloatImage {
  const { width, height } = image;
  const { patch, radius, h, sigma } = options;
  const half = patch >> 1;
  const margin = radius + half;
  const padded = splitPlanes(image).map((plane) => mirrorPad(plane, margin));
  const planes = padded.map((plane) => plane.data);
  const stride = width + 2 * margin;
  // the pixel itself counts with 1, the most that others can
  const sums = planes.map((plane) => Float64Array.from(plane));
  const totals = new Float64Array(stride * (height + 2 * margin)).fill(1);
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
      const [first, end] = [left - half, right + half];
      columns.fill(0);
      for (let row = 0; row < patch - 1; row++) {
        addSquares(planes, columns, (top - half + row) * stride, first, end, apart, 1);
      }
      for (let y = top; y < margin + height; y++) {
        addSquares(planes, columns, (y + half) * stride, first, end, apart, 1);
        weigh(columns, weights, left, right, half, scale, fromNoise);
        addSquares(planes, columns, (y - half) * stride, first, end, apart, -1);
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

/** From the sums over columns to those over patches, and from these to weights. */
function weigh(
  columns: Float64Array,
  weights: Float64Array,
  left: number,
  right: number,
  half: number,
  scale: number,
  fromNoise: number,
): void {
  let sum = 0;
  for (let x = left - half; x < left + half; x++) sum += columns[x] as number;
  for (let x = left, leaving = 0; x < right; x++) {
    sum += (columns[x + half] as number) - leaving;
    leaving = columns[x - half] as number;
    const position = Math.max(0, Math.min(sum * scale - fromNoise, FARTHEST)) * STEPS;
    const i = position | 0;
    const weight = WEIGHTS[i] as number;
    weights[x] = weight + ((WEIGHTS[i + 1] as number) - weight) * (position - i);
  }
}

/** Weights below e^-5 count as nothing. */
const FARTHEST = 5;
const STEPS = 1024;
/** e^-distance, to 1e-7 by lines between; without branches, as noise is what they would have to predict. */
const WEIGHTS = Float64Array.from({ length: FARTHEST * STEPS + 2 }, (_, i) =>
  i < FARTHEST * STEPS ? Math.exp(-i / STEPS) : 0,
);

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

const RADIUS = 10;

/** Patches (px) and h (multiples of sigma) with the best PSNR on Set12; the first row whose `below` sigma is under. */
const GREY = [
  { below: 20, patch: 3, h: 0.9 },
  { below: 37, patch: 5, h: 0.75 },
  { below: Infinity, patch: 7, h: 0.53 },
] as const;

/** On images of CBSD68. Of three channels smaller patches say as much. */
const COLOUR = [
  { below: 37, patch: 3, h: 0.65 },
  { below: Infinity, patch: 5, h: 0.45 },
] as const;

export const nonLocalMeansFilter: Filter = {
  title: 'Non-local means',
  description: 'Averages each pixel with those around it whose surroundings look the same.',
  paper: 'A. Buades, B. Coll, J.-M. Morel: A non-local algorithm for image denoising. CVPR 2005',
  limits: [
    'Keeps grain where nothing similar is near, as along edges.',
    'Flattens texture that is weaker than the noise.',
  ],
  sigmaMin: 0,
  sigmaMax: 100,
  halo: 13,
  measuredHalo: 13,
  sizeMultiple: 1,
  apply: (image, sigma) => {
    const rows = image.channels === 1 ? GREY : COLOUR;
    const { patch, h } = rows.find(({ below }) => sigma < below) ?? rows[0];
    return nonLocalMeans(image, { patch, radius: RADIUS, h: (h * sigma) / 255, sigma: sigma / 255 });
  },
};
