import type { FloatImage } from '../image.ts';
import { type Filter, interpolate } from './filter.ts';
import { joinPlanes, mirrorPad, type Plane, splitPlanes } from './planes.ts';

export interface BilateralOptions {
  /** px. */
  readonly spatialSd: number;
  /** Of the root mean square difference over the channels, 0..1. */
  readonly rangeSd: number;
  /** px: half the side of the window. */
  readonly radius: number;
}

/** Means of neighbours, weighted by how near they are in space and in colour; mirrored at the border. */
export function bilateral(image: FloatImage, { spatialSd, rangeSd, radius }: BilateralOptions): FloatImage {
  const { width, height, channels } = image;
  const padded = splitPlanes(image).map((plane) => mirrorPad(plane, radius));
  const stride = width + 2 * radius;
  const range = -1 / (2 * channels * rangeSd ** 2);
  const side = 2 * radius + 1;
  const nearness = Float64Array.from({ length: side ** 2 }, (_, i) => {
    const squared = ((i % side) - radius) ** 2 + (Math.floor(i / side) - radius) ** 2;
    return -squared / (2 * spatialSd ** 2);
  });
  const planes = padded.map((plane) => plane.data);
  const out: Plane[] = planes.map(() => ({ data: new Float32Array(width * height), width, height }));
  const sums = new Float64Array(channels);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to++) {
      const centre = (y + radius) * stride + x + radius;
      let total = 0;
      sums.fill(0);
      for (let v = 0, i = 0; v < side; v++) {
        for (let u = 0, at = (y + v) * stride + x; u < side; u++, i++, at++) {
          let squared = 0;
          for (let c = 0; c < channels; c++) {
            const plane = planes[c] as Float32Array;
            const difference = (plane[at] as number) - (plane[centre] as number);
            squared += difference * difference;
          }
          const weight = Math.exp((nearness[i] as number) + range * squared);
          total += weight;
          for (let c = 0; c < channels; c++) {
            sums[c] = (sums[c] as number) + weight * ((planes[c] as Float32Array)[at] as number);
          }
        }
      }
      for (let c = 0; c < channels; c++) (out[c] as Plane).data[to] = (sums[c] as number) / total;
    }
  }
  return joinPlanes(out);
}

/** By sigma: the standard deviation in space (px), and in range as a multiple of sigma. Best PSNR on Set12. */
const GREY = {
  spatial: [
    [5, 0.8],
    [15, 1.2],
    [25, 1.2],
    [35, 1.4],
    [50, 1.5],
    [75, 1.9],
    [100, 2.2],
  ],
  range: [
    [25, 3],
    [50, 4],
    [75, 5],
  ],
} as const;

/** On images of CBSD68. Three channels tell more of what belongs together, so that fewer neighbours are mistaken. */
const COLOUR = {
  spatial: [
    [5, 1.1],
    [15, 1.4],
    [25, 1.8],
    [50, 2.2],
    [75, 2.4],
  ],
  range: [
    [25, 2],
    [50, 2.25],
    [75, 3],
  ],
} as const;

/** Half the window's side, in standard deviations; more makes no difference of 0.01 dB. */
const REACH = 2.5;

export const bilateralFilter: Filter = {
  title: 'Bilateral filter',
  description: 'Averages each pixel with neighbours of similar colour, so that edges stay.',
  paper: 'C. Tomasi, R. Manduchi: Bilateral filtering for gray and color images. ICCV 1998',
  limits: ['Leaves single strong grains of noise.', 'Flattens faint texture; steps appear in soft gradients.'],
  sigmaMin: 0,
  sigmaMax: 100,
  halo: 6,
  measuredHalo: 6,
  sizeMultiple: 1,
  apply: (image, sigma) => {
    const settings = image.channels === 1 ? GREY : COLOUR;
    const spatialSd = interpolate(settings.spatial, sigma);
    const rangeSd = (interpolate(settings.range, sigma) * sigma) / 255;
    return bilateral(image, { spatialSd, rangeSd, radius: Math.ceil(REACH * spatialSd) });
  },
};
