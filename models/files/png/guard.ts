import { DegrainError } from '../../errors.ts';
import { joined } from '../bytes.ts';
import { type Chunk, EMPTY_CHUNK_BYTES, readChunks, SIGNATURE } from './chunks.ts';
import { inflateExactly } from './inflate.ts';
import {
  GREY,
  GREY_ALPHA,
  HEADER_DATA_BYTES,
  type Header,
  inflatedBytes,
  isColour,
  PALETTE,
  passes,
  RGB,
  RGBA,
  rowBytes,
} from './layout.ts';

export interface PngLimits {
  readonly maxBytes: number;
  readonly maxPixels: number;
}

/** A file that has passed every check: what it says of itself is true, and no larger than it may be. */
export interface GuardedPng {
  readonly header: Header;
  /** [r, g, b] per entry. */
  readonly palette: Uint8Array | undefined;
  readonly transparency: Uint8Array | undefined;
  /** What the chunks are kept for: colour, resolution and camera data, to be put back as they were. */
  readonly kept: readonly Chunk[];
  /** The compressed image as it came: what gives the file back, with `kept`. */
  readonly coding: readonly Chunk[];
  /** What that inflates to: rows with their filters, those of each pass if it is interlaced. */
  readonly inflated: Uint8Array;
}

/** Ancillary chunks that survive, with the length that they must have; every other one is dropped. */
const KEPT: Record<string, number | undefined> = {
  cICP: 4,
  iCCP: undefined,
  sRGB: 1,
  gAMA: 4,
  cHRM: 32,
  pHYs: 9,
  eXIf: undefined,
};

const ANIMATION = ['acTL', 'fcTL', 'fdAT'];
const MAX_PALETTE = 256;
const MAX_FILTER = 4;

/** The start of a file that `readHeader` wants to see, bytes. */
export const HEADER_BYTES = SIGNATURE.length + EMPTY_CHUNK_BYTES + HEADER_DATA_BYTES;

function refuse(expected: string, received: string): never {
  throw new DegrainError('invalid-image', {
    expected,
    received,
    remedy: 'Open the image and save it again as PNG.',
  });
}

/** Reads no more than the first `HEADER_BYTES`. @throws DegrainError `invalid-image` */
export function readHeader(file: Uint8Array): Header {
  for (const chunk of readChunks(file, refuse)) return parseHeader(chunk);
  return refuse('a PNG file', 'nothing');
}

function parseHeader({ type, data }: Chunk): Header {
  if (type !== 'IHDR' || data.length !== HEADER_DATA_BYTES)
    refuse('IHDR first, of 13 bytes', `${type} of ${data.length}`);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const width = view.getUint32(0);
  const height = view.getUint32(4);
  const [depth, colour, compression, filter, interlace] = data.subarray(8) as unknown as [
    number,
    number,
    number,
    number,
    number,
  ];
  const side = 2 ** 31;
  if (width === 0 || height === 0 || width >= side || height >= side)
    refuse('sides of 1 to 2^31 - 1 pixels', `${width} x ${height}`);
  if (!isColour(colour, depth)) refuse('a colour type and depth of the standard', `type ${colour} of ${depth} bits`);
  if (compression !== 0 || filter !== 0 || interlace > 1) {
    refuse('compression 0, filter 0, interlace 0 or 1', `${compression}, ${filter}, ${interlace}`);
  }
  return { width, height, depth, colour, interlaced: interlace === 1 };
}

function tooLarge(expected: string, received: string): never {
  throw new DegrainError('image-too-large', {
    expected,
    received,
    remedy: 'Use a smaller image, or cut this one into parts.',
  });
}

/**
 * Checks a PNG from the first byte to the last before anything is decoded. Memory stays in proportion to the limits,
 * time to the file: nothing is believed that the file says of itself.
 *
 * @throws DegrainError `image-too-large` beyond the limits, `invalid-image` for all that is no sound, still PNG.
 */
export function guardPng(file: Uint8Array, limits: PngLimits): GuardedPng {
  if (file.length > limits.maxBytes) tooLarge(`a file of at most ${limits.maxBytes} bytes`, `${file.length} bytes`);
  let header: Header | undefined;
  let palette: Uint8Array | undefined;
  let transparency: Uint8Array | undefined;
  const kept: Chunk[] = [];
  const image: Uint8Array[] = [];
  let previous = '';
  for (const chunk of readChunks(file, refuse)) {
    const { type, data } = chunk;
    if (!header) {
      header = parseHeader(chunk);
      const { width, height } = header;
      if (width * height > limits.maxPixels) tooLarge(`at most ${limits.maxPixels} pixels`, `${width} x ${height}`);
    } else if (type === 'IDAT') {
      if (image.length > 0 && previous !== 'IDAT') refuse('IDAT chunks in one run', `${previous} between them`);
      image.push(data);
    } else if (type === 'PLTE') {
      if (palette || transparency || image.length > 0) refuse('one palette, before tRNS and IDAT', 'another, or later');
      palette = checkPalette(header, data);
    } else if (type === 'tRNS') {
      if (transparency || image.length > 0) refuse('one tRNS, before IDAT', 'another, or later');
      transparency = checkTransparency(header, palette, data);
    } else if (ANIMATION.includes(type)) {
      refuse('a still image', `an animated one (${type})`);
    } else if (type in KEPT) {
      const sound = KEPT[type] === undefined ? data.length > 0 : data.length === KEPT[type];
      if (sound && !kept.some((other) => other.type === type)) kept.push(chunk);
    } else if (type !== 'IEND' && isCritical(type)) {
      refuse('no critical chunk besides IHDR, PLTE, IDAT and IEND', type);
    }
    previous = type;
  }
  if (!header || image.length === 0) refuse('image data (IDAT)', 'none');
  if (header.colour === PALETTE && !palette) refuse('a palette (PLTE)', 'none');
  const data = joined(image);
  const size = inflatedBytes(header);
  const inflated = inflateExactly(data, size);
  if (!inflated) refuse(`image data that inflates to ${size} bytes`, 'broken data or another length');
  checkFilters(header, inflated);
  return {
    header,
    palette: header.colour === PALETTE ? palette : undefined,
    transparency,
    kept,
    coding: [
      ...(palette ? [{ type: 'PLTE', data: palette }] : []),
      ...(transparency ? [{ type: 'tRNS', data: transparency }] : []),
      { type: 'IDAT', data },
    ],
    inflated,
  };
}

/** Each row starts with one of five filters; decoders make something of any number. */
function checkFilters(header: Header, inflated: Uint8Array): void {
  let offset = 0;
  for (const { width, height } of passes(header)) {
    const bytes = 1 + rowBytes(header, width);
    for (const end = offset + height * bytes; offset < end; offset += bytes) {
      const filter = inflated[offset] as number;
      if (filter > MAX_FILTER) refuse(`row filters from 0 to ${MAX_FILTER}`, String(filter));
    }
  }
}

/** An upper-case first letter: no decoder may skip the chunk. */
const isCritical = (type: string) => type.charCodeAt(0) < 0x60;

function checkPalette({ colour, depth }: Header, data: Uint8Array): Uint8Array {
  const most = colour === PALETTE ? 2 ** depth : MAX_PALETTE;
  const entries = data.length / 3;
  if (colour === GREY || colour === GREY_ALPHA) refuse('no palette in a grey image', 'PLTE');
  if (!Number.isInteger(entries) || entries < 1 || entries > most)
    refuse(`a palette of 1 to ${most} colours`, `${data.length} bytes`);
  return data;
}

function checkTransparency({ colour }: Header, palette: Uint8Array | undefined, data: Uint8Array): Uint8Array {
  if (colour === GREY_ALPHA || colour === RGBA) refuse('no tRNS beside an alpha channel', 'tRNS');
  if (colour === PALETTE) {
    const most = (palette?.length ?? 0) / 3;
    if (data.length < 1 || data.length > most)
      refuse(`tRNS of 1 to ${most} bytes, after the palette`, `${data.length} bytes`);
  } else {
    const bytes = colour === RGB ? 6 : 2;
    if (data.length !== bytes) refuse(`tRNS of ${bytes} bytes`, `${data.length} bytes`);
  }
  return data;
}
