import { expectThat } from '../../../models/errors.ts';
import { type FloatImage, fromRaster, type RasterImage, toRaster } from '../../../models/image.ts';
import { psnr, ssim } from '../../../models/metrics.ts';
import { NOISE_KINDS } from '../../../models/noise/kinds.ts';
import type { Histogram, Measured, MeasureRequest, NoiseRequest, Noisy, Quality } from './protocol.ts';

/** Noise on a clean picture, clipped and rounded to 8 bits: what a file would hold, and denoisers get. */
export function addNoise({ clean, noise, level, seed }: NoiseRequest): Noisy {
  const kind = NOISE_KINDS.find(({ name }) => name === noise);
  expectThat(kind !== undefined, () => ({
    expected: `one of ${NOISE_KINDS.map(({ name }) => name).join(', ')}`,
    received: noise,
    remedy: 'Choose a kind of noise of the list.',
  }));
  const reference = fromRaster(clean).colour;
  const noisy = toRaster(kind.apply(reference, level, seed), undefined, 8);
  const deviation = rootMeanSquare(clean, noisy);
  // three and a half standard deviations: all but 5 in 10,000 of a normal distribution
  const span = Math.min(255, Math.max(4, Math.ceil(deviation * 3.5)));
  const added = histogram(noisy, clean, span);
  return { noisy, added, difference: differencePicture(noisy, clean, deviation), ...qualityOf(reference, noisy) };
}

/** A denoised picture against the clean one, and what was done to the noisy one. */
export function measure({ clean, noisy, denoised, added }: MeasureRequest): Measured {
  return {
    removed: histogram(noisy, denoised, added.span),
    pictures: {
      removed: differencePicture(noisy, denoised, added.deviation),
      error: differencePicture(denoised, clean, added.deviation),
    },
    ...qualityOf(fromRaster(clean).colour, denoised),
  };
}

/** Of 8-bit pixels, over all of them and all channels. */
function qualityOf(reference: FloatImage, other: RasterImage): Quality {
  const { colour } = fromRaster(other);
  const isLarge = Math.min(other.width, other.height) >= 11;
  return { psnr: psnr(reference, colour), ssim: isLarge ? ssim(reference, colour) : Number.NaN };
}

function rootMeanSquare(a: RasterImage, b: RasterImage): number {
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) sum += ((a.data[i] as number) - (b.data[i] as number)) ** 2;
  return Math.sqrt(sum / a.data.length);
}

/** Of a - b. As many bins as tell something, each of a whole number of steps or the middle one of 0 would stand out. */
export function histogram(a: RasterImage, b: RasterImage, span: number): Histogram {
  const step = Math.max(1, Math.ceil((2 * span + 1) / 61));
  const half = Math.ceil((span - (step - 1) / 2) / step);
  const counts = new Array<number>(2 * half + 1).fill(0);
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) {
    const difference = (a.data[i] as number) - (b.data[i] as number);
    sum += difference ** 2;
    const bin = Math.min(half, Math.max(-half, Math.round(difference / step))) + half;
    counts[bin] = (counts[bin] as number) + 1;
  }
  return { counts, span, deviation: Math.sqrt(sum / a.data.length) };
}

/** a - b with mid-grey for 0, and black and white for three standard deviations of the noise that was added. */
export function differencePicture(a: RasterImage, b: RasterImage, deviation: number): RasterImage {
  const gain = 127 / (3 * Math.max(deviation, 1));
  // clamped arrays round and clip by themselves
  const data = new Uint8ClampedArray(a.data.length);
  for (let i = 0; i < data.length; i++) data[i] = 128 + ((a.data[i] as number) - (b.data[i] as number)) * gain;
  return { ...a, data };
}
