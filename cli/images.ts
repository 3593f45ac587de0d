import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { DegrainError } from '../models/errors.ts';
import type { RasterImage } from '../models/image.ts';
import { MAX_PIXELS } from '../models/tiles.ts';
import { type DecodedPng, decodePng, encodePng } from '../worker/png/codec.ts';

/** What the planner takes, and as many bytes as such an image has in RGBA of 16 bits: far beyond the edge's limits. */
const LIMITS = { maxPixels: MAX_PIXELS, maxBytes: MAX_PIXELS * 8 };

/** The first bytes of images as latin1, so that a folder of JPEGs is not skipped as if there were nothing to do. */
const FORMATS: readonly [format: string, start: string, at: number][] = [
  ['PNG', '\x89PNG', 0],
  ['JPEG', '\xff\xd8\xff', 0],
  ['GIF', 'GIF8', 0],
  ['WebP', 'WEBP', 8],
  ['TIFF', 'II*\0', 0],
  ['TIFF', 'MM\0*', 0],
  ['BMP', 'BM', 0],
  ['HEIC', 'ftyphei', 4],
  ['HEIC', 'ftypmif1', 4],
  ['AVIF', 'ftypavif', 4],
];

/** The name of an image's format, or undefined for what is no image. */
export function imageFormat(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  return FORMATS.find(([, letters, at]) => start.startsWith(letters, at))?.[0];
}

/** @throws DegrainError `invalid-image` for all that is no sound PNG. */
export async function decodeImage(bytes: Uint8Array): Promise<DecodedPng> {
  const format = imageFormat(bytes);
  if (format === 'PNG') return await decodePng(bytes, LIMITS);
  throw new DegrainError('invalid-image', {
    expected: 'a PNG',
    received: format ?? 'a file that is no image',
    remedy: 'Convert the image to PNG first.',
  });
}

export async function readPng(path: string): Promise<RasterImage> {
  return (await decodeImage(await readFile(path))).image;
}

/** All or nothing: an interruption leaves no half file under the name that was asked for. */
export async function writePng(path: string, image: RasterImage, kept: DecodedPng['kept']): Promise<void> {
  const unfinished = `${path}.unfinished`;
  try {
    await writeFile(unfinished, await encodePng(image, kept));
    await rename(unfinished, path);
  } catch (failure) {
    await rm(unfinished, { force: true });
    throw failure;
  }
}
