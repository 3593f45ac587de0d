import type { TileImage } from '../residual.ts';
import { AREA, forwardDct, SIDE } from './dct.ts';
import { sfc32 } from './random.ts';

/** All but the mean. */
export const FREQUENCIES = Array.from({ length: AREA - 1 }, (_, i) => i + 1);

/** Sum of a coefficient's vertical and horizontal frequency, 0..14. */
export const order = (i: number) => Math.floor(i / SIDE) + (i % SIDE);

/** DCT spectra of 8x8 patches (as in Chen et al.), 0..255 scale; orthonormal, so white noise has the same variance in every coefficient. */
export interface PatchSpectra {
  count: number;
  channels: 1 | 3;
  /** [count, channels, 64], the 64 as [vertical frequency, horizontal frequency]. */
  coefficients: Float32Array;
}

/** Enough for a spread of 1 % of the estimate on grey, where one patch in thirty is used; 60 ms on colour. */
const PATCHES = 8000;

/**
 * Patches of an image shrunk by `scale` (means of scale x scale pixels), from all over it; every possible one where
 * that is few. The shrunk image itself is never made, so the cost does not grow with the image.
 */
export function patchSpectra(image: TileImage, scale: number): PatchSpectra {
  const { channels } = image;
  const columns = Math.floor(image.width / scale) - SIDE + 1;
  const rows = Math.floor(image.height / scale) - SIDE + 1;
  if (columns < 1 || rows < 1) return { count: 0, channels, coefficients: new Float32Array() };

  const all = columns * rows;
  const count = Math.min(all, PATCHES);
  // Random places: a regular grid may lock to the 8x8 blocks of a JPEG or to a pattern in the picture.
  const uniform = sfc32(all);
  const coefficients = new Float32Array(count * channels * AREA);
  const pixels = new Float64Array(AREA);
  for (let patch = 0; patch < count; patch++) {
    const place = count === all ? patch : Math.floor(uniform() * all);
    const left = (place % columns) * scale;
    const top = Math.floor(place / columns) * scale;
    for (let channel = 0; channel < channels; channel++) {
      readPatch(image, left, top, channel, scale, pixels);
      forwardDct(pixels, coefficients, (patch * channels + channel) * AREA);
    }
  }
  return { count, channels, coefficients };
}

/** One channel of a patch into `pixels` [8,8], 0..255; each of them the mean of scale x scale pixels. */
function readPatch(image: TileImage, left: number, top: number, channel: number, scale: number, pixels: Float64Array) {
  const { data, width, step = image.channels, scale: unit = 1 } = image;
  const toMean = (255 * unit) / scale ** 2;
  for (let i = 0; i < AREA; i++) {
    const x = left + (i % SIDE) * scale;
    const y = top + Math.floor(i / SIDE) * scale;
    let sum = 0;
    for (let dy = 0; dy < scale; dy++) {
      for (let dx = 0; dx < scale; dx++) sum += data[((y + dy) * width + x + dx) * step + channel] as number;
    }
    pixels[i] = sum * toMean;
  }
}

/** The luma of each patch (Rec. 601), from its spectra. */
export function lumaSpectra({ count, channels, coefficients }: PatchSpectra): PatchSpectra {
  if (channels === 1) return { count, channels, coefficients };
  const luma = new Float32Array(count * AREA);
  for (let patch = 0; patch < count; patch++) {
    const from = patch * 3 * AREA;
    for (let i = 0; i < AREA; i++) {
      const red = coefficients[from + i] as number;
      const green = coefficients[from + AREA + i] as number;
      const blue = coefficients[from + 2 * AREA + i] as number;
      luma[patch * AREA + i] = 0.299 * red + 0.587 * green + 0.114 * blue;
    }
  }
  return { count, channels: 1, coefficients: luma };
}
