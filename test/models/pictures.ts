import { readdirSync, readFileSync } from 'node:fs';
import { type ModelCard, parseCard } from '../../models/card.ts';
import type { FloatImage, RasterImage } from '../../models/image.ts';
import { sfc32 } from '../../models/noise/random.ts';
import { root } from '../paths.ts';

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

export const published = `${root}models/published/`;

/** `fast@1.0.0`, for every model in the catalogue. */
export const publishedNames = readdirSync(published).flatMap((id) =>
  readdirSync(published + id).map((version) => `${id}@${version}`),
);

export const folderOf = (name: string) => `${published}${name.replace('@', '/')}/`;

export function readCard(name: string): ModelCard {
  return parseCard(JSON.parse(readFileSync(`${folderOf(name)}card.json`, 'utf8')));
}

/** A card to run fake engines with. */
export function cardWith(changes: Partial<ModelCard>): ModelCard {
  return { ...readCard(publishedNames[0] as string), ...changes };
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
