import type { Segment } from '../../models/files/jpeg/segments.ts';
import { chunksOf, segmentsOf } from '../../models/files/metadata.ts';
import type { Chunk } from '../../models/files/png/chunks.ts';
import { HEADER_BYTES, readHeader } from '../../models/files/png/guard.ts';
import type { RasterImage } from '../../models/image.ts';
import type { JpegCodec, JpegCoding } from '../jpeg/codec.ts';
import { MAX_JPEG_SIDE } from '../jpeg/frame.ts';
import { readJpegHeader } from '../jpeg/guard.ts';
import { decodePng, encodePng } from '../png/codec.ts';
import { deflate } from '../png/deflate.ts';

/** What the edge reads and writes. */
export const IMAGE_TYPES = ['image/png', 'image/jpeg'] as const;
export type ImageType = (typeof IMAGE_TYPES)[number];

export interface ImageLimits {
  readonly maxBytes: number;
  readonly maxPixels: number;
}

/** A file that was read: its pixels, and what is put back around them. */
export type ImageFile = {
  readonly image: RasterImage;
  /** The file as it came, without what is dropped. */
  original(): Uint8Array<ArrayBuffer>;
} & (
  | { readonly type: 'image/png'; readonly kept: readonly Chunk[] }
  | { readonly type: 'image/jpeg'; readonly kept: readonly Segment[]; readonly coding: JpegCoding }
);

/** Of a JPEG that was a PNG: nobody sees the loss. */
const FINE: JpegCoding = { quality: 95, colourQuality: 95, subsampled: false };

/** Bytes from the start that surely hold the size; a JPEG has it behind a preview and a profile of any length. */
export const headerBytes = (type: ImageType) => (type === 'image/png' ? HEADER_BYTES : Number.POSITIVE_INFINITY);

/** Width and height, from the start of a file. @throws DegrainError `invalid-image` */
export function readSize(type: ImageType, start: Uint8Array): { width: number; height: number } {
  const { width, height } = type === 'image/png' ? readHeader(start) : readJpegHeader(start);
  return { width, height };
}

/** @throws DegrainError `image-too-large` beyond the limits, `invalid-image` for all that is no sound, still image. */
export async function readImage(
  type: ImageType,
  file: Uint8Array,
  limits: ImageLimits,
  jpeg: () => Promise<JpegCodec>,
): Promise<ImageFile> {
  if (type === 'image/png') return { type, ...decodePng(file, limits) };
  return { type, ...(await (await jpeg()).decode(file, limits)) };
}

/** The denoised image as a file, with what came around the noisy one. The very file, where no pixel is another. */
export async function writeImage(
  type: ImageType,
  image: RasterImage,
  source: ImageFile,
  jpeg: () => Promise<JpegCodec>,
): Promise<Uint8Array<ArrayBuffer>> {
  if (type === source.type && isSame(image, source.image)) return source.original();
  if (type === 'image/png') {
    return encodePng(image, source.type === type ? source.kept : await chunksOf(source.kept, image, deflate));
  }
  const colours = withoutAlpha(image);
  const codec = await jpeg();
  return source.type === type
    ? codec.encode(colours, source.coding, source.kept)
    : codec.encode(colours, FINE, segmentsOf(source.kept, colours));
}

function isSame(a: RasterImage, b: RasterImage): boolean {
  return a.channels === b.channels && a.data.every((sample, i) => sample === b.data[i]);
}

/** What of an image a JPEG cannot hold, in words; `undefined` if nothing. */
export function lostInJpeg({ data, width, height, channels, depth }: RasterImage): string | undefined {
  if (depth === 16) return '16 bits per sample';
  if (Math.max(width, height) > MAX_JPEG_SIDE) return `a side of more than ${MAX_JPEG_SIDE} pixels`;
  if (channels === 1 || channels === 3) return undefined;
  for (let i = channels - 1; i < data.length; i += channels) if (data[i] !== 255) return 'transparency';
  return undefined;
}

/** Alpha that is full everywhere says nothing: canvases write it to every PNG. */
function withoutAlpha(image: RasterImage): RasterImage {
  const { width, height, channels } = image;
  if (channels === 1 || channels === 3) return image;
  const colours = (channels - 1) as 1 | 3;
  const data = new Uint8Array(width * height * colours);
  for (let from = 0, to = 0; to < data.length; from += channels) {
    for (let c = 0; c < colours; c++) data[to++] = image.data[from + c] as number;
  }
  return { ...image, data, channels: colours };
}
