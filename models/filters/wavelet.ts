import type { FloatImage } from '../image.ts';
import { convolve } from './convolve.ts';
import type { Filter } from './filter.ts';
import { analyse, synthesise } from './haar.ts';
import { crop, mapPlanes, mirrorPad, type Plane } from './planes.ts';

export interface WaveletOptions {
  /** Of the noise, in the image's units. */
  readonly sigma: number;
  readonly levels: number;
  /** How many places along each axis the grid of wavelets starts at; results are averaged. */
  readonly shifts: number;
  /**
   * A coefficient's threshold follows from the mean square of the coefficients in a square of so many around it, an
   * odd number; `band`: of all in its band, as BayesShrink was first described.
   */
  readonly neighbourhood: number | 'band';
}

/**
 * Soft thresholding of Haar wavelets by BayesShrink's threshold, sigma^2 / (standard deviation without noise), with
 * cycle spinning (Coifman and Donoho, 1995).
 */
export function waveletShrinkage(image: FloatImage, options: WaveletOptions): FloatImage {
  return mapPlanes(image, (plane) => spin(plane, options));
}

function spin(plane: Plane, options: WaveletOptions): Plane {
  const { width, height } = plane;
  const { shifts } = options;
  const margin = shifts - 1;
  const padded = mirrorPad(plane, margin);
  const sum = new Float32Array(width * height);
  for (let top = 0; top < shifts; top++) {
    for (let left = 0; left < shifts; left++) {
      const [x, y] = [margin - left, margin - top]; // of the image in the shifted plane
      const shifted = shrinkLevels(crop(padded, left, top, width + x, height + y), options.levels, options);
      for (let row = 0, to = 0; row < height; row++) {
        for (let from = (row + y) * shifted.width + x, end = from + width; from < end; from++, to++) {
          sum[to] = (sum[to] as number) + (shifted.data[from] as number);
        }
      }
    }
  }
  return { data: sum.map((value) => value / shifts ** 2), width, height };
}

function shrinkLevels(plane: Plane, levels: number, options: WaveletOptions): Plane {
  if (levels === 0) return plane;
  const { smooth, details } = analyse(plane);
  for (const band of details) shrink(band, options);
  return synthesise(shrinkLevels(smooth, levels - 1, options), details, plane.width, plane.height);
}

function shrink(band: Plane, { sigma, neighbourhood }: WaveletOptions): void {
  const { data } = band;
  const variance = sigma ** 2;
  const squares = data.map((value) => value * value);
  const energy =
    neighbourhood === 'band' ? squares.fill(mean(squares)) : boxMean({ ...band, data: squares }, neighbourhood);
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number;
    const signal = (energy[i] as number) - variance;
    const left = signal > 0 ? Math.abs(value) - variance / Math.sqrt(signal) : 0;
    data[i] = left > 0 ? Math.sign(value) * left : 0;
  }
}

const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

const boxMean = (plane: Plane, size: number) => convolve(plane, new Float64Array(size).fill(1 / size)).data;

/**
 * On Set12 the neighbourhood is worth 0.4 to 0.7 dB over thresholds for whole bands, and a tile need not know the band.
 * A fourth level would bring 0.04 dB at sigma 50, and double the halo.
 */
const SETTINGS = { levels: 3, shifts: 4, neighbourhood: 9 } as const;

export const waveletFilter: Filter = {
  title: 'Wavelet shrinkage',
  description: 'Shrinks Haar wavelet coefficients by as much as the noise explains of their neighbourhood’s energy.',
  paper:
    'S. G. Chang, B. Yu, M. Vetterli: Adaptive wavelet thresholding for image denoising and compression ' +
    '(BayesShrink), and Spatially adaptive wavelet thresholding with context modeling for image denoising. ' +
    'IEEE Transactions on Image Processing 9(9), 2000',
  limits: ['Leaves faint blocks and rings along strong edges.', 'Treats each colour channel on its own.'],
  sigmaMin: 0,
  sigmaMax: 100,
  // at the third level a coefficient covers 8 px, and its threshold depends on four more on every side
  halo: 7 + 4 * 8,
  measuredHalo: 39,
  sizeMultiple: 8,
  apply: (image, sigma) => waveletShrinkage(image, { ...SETTINGS, sigma: sigma / 255 }),
};
