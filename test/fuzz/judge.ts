import { DegrainError } from '../../models/errors.ts';
import { assertRaster, type RasterImage } from '../../models/image.ts';
import { readImage, writeImage } from '../../worker/image/files.ts';
import type { JpegCodec } from '../../worker/jpeg/codec.ts';
import type { Input } from './seeds.ts';

/** How an input may end: as an image, or refused for a reason. Everything else is a fault. */
export const OUTCOMES = ['image', 'invalid-image', 'image-too-large', 'fault'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const LIMITS = { maxBytes: 2 ** 20, maxPixels: 65536 };

export interface Verdict {
  readonly outcome: Outcome;
  /** What is wrong, of a fault. */
  readonly said?: string;
}

/** Guard, decoder, and, of what they let through, the encoder. */
export async function judge({ format, file }: Input, codec: JpegCodec): Promise<Verdict> {
  const jpeg = async () => codec;
  try {
    const source = await readImage(`image/${format}`, file, LIMITS, jpeg);
    const { image } = source;
    assertRaster(image);
    if (image.width * image.height > LIMITS.maxPixels) return fault('an image beyond the limits');
    await writeImage(`image/${format}`, changed(image), source, jpeg);
    await readImage(`image/${format}`, source.original(), LIMITS, jpeg);
    return { outcome: 'image' };
  } catch (failure) {
    const code = failure instanceof DegrainError ? failure.code : undefined;
    if (code === 'invalid-image' || code === 'image-too-large') return { outcome: code };
    return fault(failure instanceof Error ? (failure.stack ?? failure.message) : String(failure));
  }
}

const fault = (said: string): Verdict => ({ outcome: 'fault', said });

/** One sample is another, so that the file itself will not do. */
function changed(image: RasterImage): RasterImage {
  const data = image.data.slice();
  data[0] = (data[0] as number) ^ 1;
  return { ...image, data };
}
