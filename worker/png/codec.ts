import UPNG from 'upng-js';
import { assertRaster, type RasterImage } from '../../models/image.ts';
import { type Chunk, writeChunks } from './chunks.ts';
import { deflate } from './deflate.ts';
import { filterRows } from './filters.ts';
import { type GuardedPng, guardPng, type PngLimits } from './guard.ts';
import { filterStep, GREY, GREY_ALPHA, type Header, headerData, RGB, RGBA, rowBytes } from './layout.ts';
import { readInterlaced, readSamples, toImage } from './samples.ts';

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
  const samples = header.interlaced ? readInterlaced(header, inflated) : readSamples(header, unfiltered(png));
  return { image: toImage(png, samples), kept, original: () => withHeader(header, [...kept, ...coding]) };
}

/**
 * upng-js undoes the filters; it sees guarded files only, and of those only IHDR and IDAT. Interlaced ones we read
 * ourselves: it gets those of 1 bit or of few columns wrong. Its own conversion to RGBA is not used: it halves 16 bits
 * and misreads grey of less than 8.
 */
function unfiltered({ header, coding }: GuardedPng): Uint8Array {
  const bare = withHeader(
    header,
    coding.filter(({ type }) => type === 'IDAT'),
  );
  // its types call this an ArrayBuffer; it is a view, with some bytes to spare at its end
  return UPNG.decode(bare.buffer).data as unknown as Uint8Array;
}

function withHeader(header: Header, chunks: readonly Chunk[]): Uint8Array<ArrayBuffer> {
  return writeChunks([
    { type: 'IHDR', data: headerData(header) },
    ...chunks,
    { type: 'IEND', data: new Uint8Array(0) },
  ]);
}

const COLOUR_OF_CHANNELS = { 1: GREY, 2: GREY_ALPHA, 3: RGB, 4: RGBA } as const;

/**
 * Our own writer, because upng-js 2.1.0 has none for grey or 16 bits and writes broken files for noisy RGBA.
 * Samples come out as they went in: `decodePng(encodePng(image))` is the image.
 */
export async function encodePng(image: RasterImage, kept: readonly Chunk[] = []): Promise<Uint8Array<ArrayBuffer>> {
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
