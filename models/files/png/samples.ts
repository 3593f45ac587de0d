import { DegrainError } from '../../errors.ts';
import type { RasterImage } from '../../image.ts';
import { unfilterRows } from './filters.ts';
import type { GuardedPng } from './guard.ts';
import { filterStep, GREY, type Header, PALETTE, passes, rowBytes, samplesPerPixel } from './layout.ts';

/** One number per sample as the file has it: grey of 2 bits is 0..3, a palette's index an index. */
type Samples = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;

/** The inflated bytes, which are used up, -> [H,W,samples]. */
export function readPasses(header: Header, inflated: Uint8Array): Samples {
  const { width, height } = header;
  if (header.interlaced) return readInterlaced(header, inflated);
  return readSamples(header, unfilterRows(inflated, height, rowBytes(header, width), filterStep(header)));
}

/** Rows of whole bytes, as `rowBytes` says, one after the other -> [H,W,samples]. */
function readSamples(header: Header, rows: Uint8Array): Samples {
  const { width, height, depth } = header;
  const count = width * samplesPerPixel(header);
  const bytes = rowBytes(header, width);
  if (depth === 8) return rows.slice(0, height * count);
  const samples = depth === 16 ? new Uint16Array(height * count) : new Uint8Array(height * count);
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < count; i++) samples[y * count + i] = sampleAt(rows, y * bytes, i, depth);
  }
  return samples;
}

/** Each pass of an interlaced image is an image of its own, spread over the whole. */
function readInterlaced(header: Header, inflated: Uint8Array): Samples {
  const { width, height, depth } = header;
  const count = samplesPerPixel(header);
  const samples = depth === 16 ? new Uint16Array(height * width * count) : new Uint8Array(height * width * count);
  let offset = 0;
  for (const pass of passes(header)) {
    const bytes = rowBytes(header, pass.width);
    const size = pass.height * (1 + bytes);
    const rows = unfilterRows(inflated.subarray(offset, offset + size), pass.height, bytes, filterStep(header));
    const own = readSamples({ ...header, width: pass.width, height: pass.height }, rows);
    offset += size;
    for (let row = 0, from = 0; row < pass.height; row++) {
      const start = (pass.y + row * pass.dy) * width + pass.x;
      for (let column = 0; column < pass.width; column++) {
        const to = (start + column * pass.dx) * count;
        for (let c = 0; c < count; c++) samples[to + c] = own[from++] as number;
      }
    }
  }
  return samples;
}

function sampleAt(rows: Uint8Array, start: number, index: number, depth: number): number {
  if (depth === 8) return rows[start + index] as number;
  if (depth === 16) return ((rows[start + 2 * index] as number) << 8) | (rows[start + 2 * index + 1] as number);
  const bit = index * depth;
  const byte = rows[start + (bit >> 3)] as number;
  return (byte >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
}

/** Samples as degrain's images have them: 8 or 16 bits, palettes resolved, tRNS as an alpha channel. */
export function toImage(png: GuardedPng, samples: Samples): RasterImage {
  const { width, height, depth: bits, colour } = png.header;
  const depth = bits === 16 ? 16 : 8;
  if (colour === PALETTE) return { ...resolvePalette(png, samples), width, height, depth };
  const count = samplesPerPixel(png.header);
  const colours = { data: samples, width, height, channels: count as RasterImage['channels'], depth } as const;
  const keyed = png.transparency ? withKeyAsAlpha(colours, png.transparency, bits) : colours;
  if (colour !== GREY || bits >= 8) return keyed;
  // Grey of 1, 2 or 4 bits: white is 255. Alpha made of tRNS is 0 or 255 already.
  const scale = 255 / (2 ** bits - 1);
  for (let i = 0; i < keyed.data.length; i += keyed.channels) keyed.data[i] = (keyed.data[i] as number) * scale;
  return keyed;
}

function resolvePalette({ palette, transparency }: GuardedPng, indices: Samples) {
  const entries = (palette as Uint8Array).length / 3;
  const channels = transparency ? 4 : 3;
  const data = new Uint8Array(indices.length * channels);
  for (let pixel = 0, to = 0; pixel < indices.length; pixel++, to += channels) {
    const index = indices[pixel] as number;
    if (index >= entries) {
      throw new DegrainError('invalid-image', {
        expected: `indices below the palette's ${entries} colours`,
        received: String(index),
        remedy: 'Open the image and save it again as PNG.',
      });
    }
    for (let c = 0; c < 3; c++) data[to + c] = palette?.[index * 3 + c] as number;
    if (transparency) data[to + 3] = transparency[index] ?? 255;
  }
  return { data, channels } as const;
}

/** tRNS names one colour that is transparent; 16 bits per sample whatever the depth, of which only the low ones count. */
function withKeyAsAlpha(image: RasterImage, transparency: Uint8Array, bits: number): RasterImage {
  const { data, channels } = image;
  const view = new DataView(transparency.buffer, transparency.byteOffset, transparency.byteLength);
  const key = Array.from({ length: channels }, (_, c) => view.getUint16(2 * c) & (2 ** bits - 1));
  const pixels = data.length / channels;
  const withAlpha = channels + 1;
  const opaque = image.depth === 16 ? 65535 : 255;
  const out = image.depth === 16 ? new Uint16Array(pixels * withAlpha) : new Uint8Array(pixels * withAlpha);
  for (let pixel = 0; pixel < pixels; pixel++) {
    let matches = true;
    for (let c = 0; c < channels; c++) {
      const sample = data[pixel * channels + c] as number;
      out[pixel * withAlpha + c] = sample;
      matches &&= sample === key[c];
    }
    out[pixel * withAlpha + channels] = matches ? 0 : opaque;
  }
  return { ...image, data: out, channels: withAlpha as RasterImage['channels'] };
}
