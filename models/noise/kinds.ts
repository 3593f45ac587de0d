import type { FloatImage } from '../image.ts';
import { addGaussian, addNoiseFactor } from './add.ts';
import { addCameraNoise, ISO_RANGE, phoneSensor } from './camera.ts';
import { addSaltAndPepper } from './impulses.ts';
import { jpeg } from './jpeg.ts';
import { addPoisson } from './photons.ts';
import { quantise } from './quantise.ts';
import { addSpeckle } from './speckle.ts';

/** One kind of noise, with one parameter that says how strong it is. */
export interface NoiseKind {
  /** Stable: names files, columns and queries. */
  readonly name: string;
  readonly title: string;
  /** What `level` is, with its unit. */
  readonly parameter: string;
  /** Lowest and highest level. */
  readonly range: readonly [number, number];
  /** Worth looking at, from little noise to much. */
  readonly levels: readonly number[];
  /**
   * @param image [H,W,C] 0..1, sRGB-coded
   * @param seed any integer; kinds without chance ignore it
   * @throws DegrainError `bad-request` where the level is out of range
   */
  readonly apply: (image: FloatImage, level: number, seed: number) => FloatImage;
}

/** All of them. What files cannot hold is not clipped, except where the definition says so. */
export const NOISE_KINDS: readonly NoiseKind[] = [
  {
    name: 'gaussian',
    title: 'White Gaussian',
    parameter: 'sigma (0..255)',
    range: [0, 255],
    levels: [5, 15, 25, 50, 75],
    apply: (image, sigma, seed) => addGaussian(image, sigma, { seed }),
  },
  {
    name: 'noise-factor',
    title: 'Gaussian by noise factor, clipped',
    parameter: 'factor (0..1 scale)',
    range: [0, 2],
    levels: [0.3, 0.5, 0.8],
    apply: addNoiseFactor,
  },
  {
    name: 'poisson',
    title: 'Poisson',
    parameter: 'photons on white',
    range: [0.1, 1e6],
    levels: [1000, 255, 60, 15, 4],
    apply: addPoisson,
  },
  {
    name: 'camera',
    title: 'Phone camera (Poisson-Gaussian, demosaiced)',
    parameter: 'ISO',
    range: ISO_RANGE,
    levels: [400, 1600, 6400, 12800, 25600],
    apply: (image, iso, seed) => addCameraNoise(image, phoneSensor(iso), seed),
  },
  {
    name: 'speckle',
    title: 'Speckle (multiplicative Gaussian)',
    parameter: 'sigma on white (0..255)',
    range: [0, 255],
    levels: [10, 25, 50, 100],
    apply: addSpeckle,
  },
  {
    name: 'salt-and-pepper',
    title: 'Salt and pepper',
    parameter: 'share of values (0..1)',
    range: [0, 1],
    levels: [0.01, 0.05, 0.1, 0.3],
    apply: addSaltAndPepper,
  },
  {
    name: 'quantisation',
    title: 'Quantisation',
    parameter: 'levels per channel',
    range: [2, 65536],
    levels: [64, 32, 16, 8, 4],
    apply: quantise,
  },
  {
    name: 'jpeg',
    title: 'JPEG (4:2:0)',
    parameter: 'quality',
    range: [1, 100],
    levels: [90, 75, 50, 30, 10],
    apply: (image, quality) => jpeg(image, { quality, halfColour: true }),
  },
];
