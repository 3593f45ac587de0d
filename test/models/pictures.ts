import type { FilterCard, NetworkCard } from '../../models/card.ts';
import type { FloatImage, RasterImage } from '../../models/image.ts';
import { sfc32 } from '../../models/noise/random.ts';
import { fastName, readNetwork } from './published.ts';

/** Independent pixels: the hardest picture for anything that must be exact. */
export function randomRaster(
  width: number,
  height: number,
  channels: RasterImage['channels'],
  depth: 8 | 16 = 8,
  seed = 1,
): RasterImage {
  const uniform = sfc32(seed);
  const length = width * height * channels;
  const data = depth === 8 ? new Uint8Array(length) : new Uint16Array(length);
  for (let i = 0; i < length; i++) data[i] = Math.floor(uniform() * 2 ** depth);
  return { data, width, height, channels, depth };
}

export function randomFloat(width: number, height: number, channels: 1 | 3, seed = 1): FloatImage {
  const uniform = sfc32(seed);
  return { data: Float32Array.from({ length: width * height * channels }, uniform), width, height, channels };
}

/** What changes with every version of a model, and what tests would have to follow. */
const PINNED = { version: '1.0.0', parameters: 1_050_060, gmacsPerMegapixel: 50.144 };

/** A card to run fake engines with. */
export function cardWith(changes: Partial<NetworkCard>): NetworkCard {
  return { ...readNetwork(fastName), ...PINNED, ...changes };
}

/** The card of a filter that nobody has written. */
export function filterCard(changes: Partial<FilterCard> = {}): FilterCard {
  return {
    format: 2,
    id: 'sieve',
    version: '1.0.0',
    title: 'Sieve',
    description: 'Holds back what is too large.',
    family: 'filter',
    task: 'denoise',
    license: 'Apache-2.0',
    sigma: { kind: 'map', min: 0, max: 75, correlatedGain: 1 },
    halo: { exact: 8, measured: 8 },
    sizeMultiple: 1,
    memory: { largestBufferBytesPerPixel: 16, peakBytesPerPixel: 64 },
    paper: 'Eratosthenes',
    edge: true,
    metrics: [],
    limits: [],
    ...changes,
  };
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  // a NaN must not pass for no difference
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs((a[i] as number) - (b[i] as number));
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}
