import type { Denoised } from '../models/denoise.ts';
import type { RasterImage } from '../models/image.ts';
import { checkMix, FULL_MIX, type Mix } from '../models/mix.ts';
import { encodeFile } from './files/encode.ts';
import { mixRgba } from './files/mix-rgba.ts';
import { toRgba } from './files/pixels.ts';
import type { Pixels } from './protocol.ts';

/** A finished run, kept in the worker for sliders and downloads. */
export interface Result {
  /** The image of another mix, in the form in which it came. What is left out stays as it was last. */
  mix(mix: Partial<Mix>): Pixels;
  /** A file of the last mix. */
  blob(type: string, quality: number | undefined): Promise<Blob>;
  /** noisy - denoised, [H,W,C]. */
  residual(): Float32Array<ArrayBuffer>;
}

/** Of a picture of 8 bits, its samples and the residual are enough: less than half of what the pipeline holds. */
export function keepPicture(noisy: RasterImage, residual: Float32Array, first: Partial<Mix>): Result {
  let last: Mix = { ...FULL_MIX, ...first };
  return {
    mix(mix) {
      last = checkMix({ ...last, ...mix });
      return mixRgba(noisy, residual, last);
    },
    blob: (type, quality) => encodeFile(mixRgba(noisy, residual, last), type, quality),
    residual: () => residual as Float32Array<ArrayBuffer>,
  };
}

/** Samples of any depth go through the pipeline's own mixing, and files have 8 bits. */
export function keepSamples(denoised: Denoised, first: Partial<Mix>): Result {
  let last: Partial<Mix> = first;
  return {
    mix(mix) {
      last = { ...last, ...mix };
      return denoised.mix(last);
    },
    blob: (type, quality) => encodeFile(toRgba(denoised.mix(last)), type, quality),
    residual: () => denoised.residual as Float32Array<ArrayBuffer>,
  };
}
