import { joined, latin1 } from './bytes.ts';
import type { Metadata } from './metadata.ts';
import type { Chunk } from './png/chunks.ts';

/** Bits of VP8X's first byte (RFC 9649, 2.7). */
const ICC = 0x20;
const ALPHA = 0x10;
const EXIF = 0x08;
const ANIMATED = 0x02;

const HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;

/** Chunks of a WebP, or none where it is not sound. Nothing is copied. */
export function readWebp(file: Uint8Array): Chunk[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const letters = (at: number) => String.fromCharCode(...file.subarray(at, at + 4));
  if (file.length < HEADER_BYTES || letters(0) !== 'RIFF' || letters(8) !== 'WEBP') return [];
  const chunks: Chunk[] = [];
  for (let offset = HEADER_BYTES; offset + CHUNK_HEADER_BYTES <= file.length; ) {
    const start = offset + CHUNK_HEADER_BYTES;
    const bytes = view.getUint32(offset + 4, true);
    if (start + bytes > file.length) return [];
    chunks.push({ type: letters(offset), data: file.subarray(start, start + bytes) });
    offset = start + bytes + (bytes % 2);
  }
  return chunks;
}

export function metadataOfWebp(chunks: readonly Chunk[]): Metadata {
  const find = (type: string) => chunks.find((chunk) => chunk.type === type)?.data;
  const exif = find('EXIF');
  // some writers put JPEG's letters before it
  const hasLetters = exif && String.fromCharCode(...exif.subarray(0, 6)) === 'Exif\0\0';
  return { profile: find('ICCP')?.slice(), exif: hasLetters ? exif.subarray(6) : exif };
}

/** The still picture of `file` with this metadata instead of its own; a profile of its own stays where none is given. */
export function withMetadata(
  file: Uint8Array<ArrayBuffer>,
  { profile, exif }: Metadata,
  size: { readonly width: number; readonly height: number },
): Uint8Array<ArrayBuffer> {
  const chunks = readWebp(file);
  const own = chunks.find(({ type }) => type === 'ICCP')?.data;
  const colours = profile ?? own;
  const image = chunks.filter(({ type }) => ['ALPH', 'VP8 ', 'VP8L'].includes(type));
  if (image.length === 0 || (!colours && !exif)) return file;
  const flags = (colours ? ICC : 0) | (exif ? EXIF : 0) | (hasAlpha(chunks) ? ALPHA : 0);
  return writeWebp([
    { type: 'VP8X', data: extended(flags, size) },
    ...(colours ? [{ type: 'ICCP', data: colours }] : []),
    ...image,
    ...(exif ? [{ type: 'EXIF', data: exif }] : []),
  ]);
}

/** Bit 28 of a lossless picture's header, after 8 bits of signature and 14 each of width and height. */
function hasAlpha(chunks: readonly Chunk[]): boolean {
  return chunks.some(({ type, data }) => type === 'ALPH' || (type === 'VP8L' && ((data[4] ?? 0) & 0x10) !== 0));
}

function extended(flags: number, { width, height }: { width: number; height: number }): Uint8Array {
  const data = new Uint8Array(10);
  const view = new DataView(data.buffer);
  view.setUint8(0, flags & ~ANIMATED);
  // 24 bits each: the byte that is too many is written over
  view.setUint32(4, width - 1, true);
  view.setUint16(7, (height - 1) & 0xffff, true);
  view.setUint8(9, (height - 1) >> 16);
  return data;
}

export function writeWebp(chunks: readonly Chunk[]): Uint8Array<ArrayBuffer> {
  const parts = chunks.flatMap(({ type, data }) => [
    latin1(type),
    littleEndian(data.length),
    data,
    new Uint8Array(data.length % 2),
  ]);
  const body = joined([latin1('WEBP'), ...parts]);
  return joined([latin1('RIFF'), littleEndian(body.length), body]);
}

function littleEndian(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}
