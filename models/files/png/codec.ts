import { assertRaster, type RasterImage } from '../../image.ts';
import type { Deflate } from '../deflate.ts';
import { type Chunk, writeChunks } from './chunks.ts';
import { filterRows } from './filters.ts';
import { guardPng, type PngLimits } from './guard.ts';
import { filterStep, GREY, GREY_ALPHA, type Header, headerData, RGB, RGBA, rowBytes } from './layout.ts';
import { readPasses, toImage } from './samples.ts';

export interface DecodedPng {
  readonly image: RasterImage;
  /** Colour profile, resolution, EXIF: for `encodePng`, as they were. */
  readonly kept: readonly Chunk[];
  /** The file as it came, without what is dropped. */
  original(): Uint8Array<ArrayBuffer>;
}

/** @throws DegrainError `image-too-large` beyond the limits, `invalid-image` for all that is no sound, still PNG. */
export function decodePng(file: Uint8Array, limits: PngLimits): DecodedPng {
  const png = guardPng(file, limits);
  const { header, kept, coding, inflated } = png;
  const samples = readPasses(header, inflated);
  return { image: toImage(png, samples), kept, original: () => withHeader(header, [...kept, ...coding]) };
}

function withHeader(header: Header, chunks: readonly Chunk[]): Uint8Array<ArrayBuffer> {
  return writeChunks([
    { type: 'IHDR', data: headerData(header) },
    ...chunks,
    { type: 'IEND', data: new Uint8Array(0) },
  ]);
}

const COLOUR_OF_CHANNELS = { 1: GREY, 2: GREY_ALPHA, 3: RGB, 4: RGBA } as const;

/** Samples come out as they went in: `decodePng` of the file is the image. */
export async function encodePng(
  image: RasterImage,
  kept: readonly Chunk[],
  deflate: Deflate,
): Promise<Uint8Array<ArrayBuffer>> {
  assertRaster(image);
  const { width, height, depth } = image;
  const header: Header = { width, height, depth, colour: COLOUR_OF_CHANNELS[image.channels], interlaced: false };
  const rows = filterRows(toBytes(image), height, rowBytes(header, width), filterStep(header));
  return withHeader(header, [...kept, { type: 'IDAT', data: await deflate(rows) }]);
}

/** 16-bit samples in PNG's order of bytes, the high one first. */
function toBytes({ data, depth }: RasterImage): Uint8Array {
  if (depth === 8) return new Uint8Array(data.buffer, data.byteOffset, data.length);
  const bytes = new Uint8Array(data.length * 2);
  const view = new DataView(bytes.buffer);
  data.forEach((sample, i) => view.setUint16(2 * i, sample));
  return bytes;
}
