import type { FloatImage, RasterImage } from './image.ts';

/**
 * noisy - denoised, [H,W,C]. As floats it is on the 0..1 scale; as int16 in steps of 1/32767, half the memory. What is
 * beyond -1..1 is cut there: such noise takes any sample to its end of the scale either way.
 *
 * A value in steps is within half of one, 1.5e-5 or 1/256 of an 8-bit step (one 16-bit step), of the float; so is, at
 * any mix, what is mixed from it, before it is rounded.
 */
export type Residual = Float32Array | Int16Array;

export const RESIDUAL_STEPS = 32767;

/** 0..1 scale. */
export function toFloats(residual: Residual): Float32Array<ArrayBuffer> {
  if (residual instanceof Float32Array) return residual as Float32Array<ArrayBuffer>;
  return Float32Array.from(residual, (steps) => steps / RESIDUAL_STEPS);
}

/** What windows are cut from: floats, or samples as a file has them, a quarter of the memory or half. */
export interface TileImage {
  readonly data: FloatImage['data'] | RasterImage['data'];
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** Values per pixel, where there are more than `channels`: alpha is passed over. */
  readonly step?: number;
  /** Times this, values are on the 0..1 scale; 1 unless told. */
  readonly scale?: number;
}

/** The colours of an image, where they are. */
export function tileImage({ data, width, height, channels, depth }: RasterImage): TileImage {
  return {
    data,
    width,
    height,
    channels: channels < 3 ? 1 : 3,
    step: channels,
    scale: 1 / (depth === 8 ? 255 : 65535),
  };
}
