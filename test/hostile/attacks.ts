import { deflateSync } from 'node:zlib';
import { type Chunk, SIGNATURE, writeChunks } from '../../models/files/png/chunks.ts';
import { buildRows, chunk, IEND, idat, ihdr, plainPng } from './png.ts';

const RGB8 = { depth: 8, colour: 2 };
const rows = (width: number, height: number) =>
  buildRows({ ...RGB8, width, height, samples: new Uint8Array(width * height * 3) });
const header = ihdr({ ...RGB8, width: 4, height: 4 });
const pixels = idat(rows(4, 4));
const palette = { width: 4, height: 4, depth: 8, colour: 3 };
const text = new TextEncoder();

const file = (...chunks: Chunk[]) => writeChunks(chunks);

/** A file whose chunk claims another length than it has; the CRC is that of nothing. */
function lying(type: string, length: number, before: Chunk[] = [header]): Uint8Array<ArrayBuffer> {
  const sound = writeChunks([...before, chunk(type, [1, 2, 3, 4]), pixels, IEND]);
  const at = writeChunks(before).length;
  new DataView(sound.buffer).setUint32(at, length);
  return sound;
}

function edited(change: (bytes: Uint8Array<ArrayBuffer>) => void): Uint8Array<ArrayBuffer> {
  const bytes = plainPng(4, 4);
  change(bytes);
  return bytes;
}

/**
 * Files that no decoder may trust, by what is wrong with them. Among them all that upng-js hangs on, that it answers
 * with gigabytes, or that it decodes without a word. Each must be refused as `invalid-image`.
 */
export const INVALID: Record<string, () => Uint8Array<ArrayBuffer>> = {
  'an empty file': () => new Uint8Array(0),
  'a signature and nothing else': () => SIGNATURE.slice() as Uint8Array<ArrayBuffer>,
  'a JPEG': () => Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1),
  'a GIF': () => text.encode('GIF89a\x01\x00\x01\x00'),
  'an HTML page': () => text.encode('<!doctype html><title>404</title>'),
  'a signature mangled by a text transfer': () => edited((bytes) => bytes.set([0x0a], 4)),
  'IDAT of 0xFFFFFFFF bytes': () => lying('IDAT', 0xffffffff),
  'PLTE of nearly 2^30 bytes': () => lying('PLTE', 2 ** 30 - 1),
  'tEXt without a NUL, cut off': () => {
    const whole = writeChunks([header, chunk('tEXt', text.encode('no end'))]);
    return whole.slice(0, whole.length - 4);
  },
  'a wrong CRC in IHDR': () => edited((bytes) => bytes.set([0], 29)),
  'a wrong CRC in IDAT': () => edited((bytes) => bytes.set([(bytes[50] as number) ^ 1], 50)),
  'a chunk type that is no letters': () => file(header, { type: 'ID\0T', data: new Uint8Array(1) }, pixels, IEND),
  'an unknown critical chunk': () => file(header, chunk('CgBI', [1]), pixels, IEND),
  'no IHDR': () => file(pixels, IEND),
  'IHDR twice': () => file(header, header, pixels, IEND),
  'IHDR of 12 bytes': () => file(chunk('IHDR', header.data.subarray(0, 12)), pixels, IEND),
  'a width of 0': () => file(ihdr({ ...RGB8, width: 0, height: 4 }), pixels, IEND),
  'a height of 0': () => file(ihdr({ ...RGB8, width: 4, height: 0 }), pixels, IEND),
  'colour type 5': () => file(ihdr({ width: 4, height: 4, depth: 8, colour: 5 }), pixels, IEND),
  'RGB of 4 bits': () => file(ihdr({ width: 4, height: 4, depth: 4, colour: 2 }), pixels, IEND),
  'a palette of 16 bits': () => file(ihdr({ ...palette, depth: 16 }), pixels, IEND),
  'compression 1': () => file(chunk('IHDR', [...header.data.subarray(0, 10), 1, 0, 0]), pixels, IEND),
  'filter method 1': () => file(chunk('IHDR', [...header.data.subarray(0, 10), 0, 1, 0]), pixels, IEND),
  'interlace 2': () => file(chunk('IHDR', [...header.data.subarray(0, 10), 0, 0, 2]), pixels, IEND),
  'no IDAT': () => file(header, IEND),
  'no IEND': () => file(header, pixels),
  'an empty IDAT': () => file(header, chunk('IDAT'), IEND),
  'IDAT in two runs': () => file(header, pixels, chunk('tIME', new Uint8Array(7)), pixels, IEND),
  'IDAT that is not zlib data': () => file(header, chunk('IDAT', text.encode('not zlib')), IEND),
  'IDAT cut short': () => file(header, chunk('IDAT', pixels.data.subarray(0, pixels.data.length - 5)), IEND),
  'IDAT with a wrong checksum': () => file(header, chunk('IDAT', [...pixels.data.subarray(0, -1), 0]), IEND),
  'IDAT followed by other bytes': () => file(header, chunk('IDAT', [...pixels.data, 1, 2, 3]), IEND),
  'a row too few': () => file(header, idat(rows(4, 3)), IEND),
  'a row too many': () => file(header, idat(rows(4, 5)), IEND),
  'a byte too many': () => file(header, idat(new Uint8Array(4 * 13 + 1)), IEND),
  '4x4 pixels that inflate to 100 MB': () => file(header, chunk('IDAT', bomb()), IEND),
  'a megabyte of empty blocks, each with codes of its own': () =>
    file(ihdr({ ...RGB8, width: 256, height: 256 }), chunk('IDAT', emptyBlocks(1e6)), IEND),
  'filter 5': () => file(header, idat(Uint8Array.from(rows(4, 4), (byte, i) => (i === 13 ? 5 : byte))), IEND),
  'an animation': () => file(header, chunk('acTL', new Uint8Array(8)), pixels, IEND),
  'a frame of its own size': () => file(header, chunk('fcTL', new Uint8Array(26)), pixels, IEND),
  'a palette image without a palette': () => file(ihdr(palette), idat(new Uint8Array(20)), IEND),
  'a palette of no whole colours': () =>
    file(ihdr(palette), chunk('PLTE', [1, 2, 3, 4]), idat(new Uint8Array(20)), IEND),
  'a palette of 257 colours': () =>
    file(ihdr(palette), chunk('PLTE', new Uint8Array(771)), idat(new Uint8Array(20)), IEND),
  'more colours than the depth can name': () =>
    file(ihdr({ ...palette, depth: 1 }), chunk('PLTE', new Uint8Array(9)), idat(new Uint8Array(8)), IEND),
  'an index beyond the palette': () =>
    file(ihdr(palette), chunk('PLTE', [1, 2, 3]), idat(new Uint8Array(20).fill(1, 1, 2)), IEND),
  'PLTE after IDAT': () => file(header, pixels, chunk('PLTE', [1, 2, 3]), IEND),
  'PLTE twice': () => file(header, chunk('PLTE', [1, 2, 3]), chunk('PLTE', [1, 2, 3]), pixels, IEND),
  'a palette in a grey image': () =>
    file(ihdr({ ...palette, colour: 0 }), chunk('PLTE', [1, 2, 3]), idat(new Uint8Array(20)), IEND),
  'tRNS before the palette': () =>
    file(ihdr(palette), chunk('tRNS', [0]), chunk('PLTE', [1, 2, 3]), idat(new Uint8Array(20)), IEND),
  'tRNS longer than the palette': () =>
    file(ihdr(palette), chunk('PLTE', [1, 2, 3]), chunk('tRNS', [0, 0]), idat(new Uint8Array(20)), IEND),
  'tRNS of 2 bytes for RGB': () => file(header, chunk('tRNS', [0, 0]), pixels, IEND),
  'tRNS beside alpha': () =>
    file(ihdr({ ...palette, colour: 6 }), chunk('tRNS', new Uint8Array(6)), idat(new Uint8Array(68)), IEND),
};

/** Sound as far as one can tell from the first bytes, and larger than any limit: refused as `image-too-large`. */
export const TOO_LARGE: Record<string, () => Uint8Array<ArrayBuffer>> = {
  '30000x30000 in 68 bytes': () => file(ihdr({ ...RGB8, width: 30000, height: 30000 }), idat(new Uint8Array(8)), IEND),
  '2^31-1 squared': () => file(ihdr({ ...RGB8, width: 2 ** 31 - 1, height: 2 ** 31 - 1 }), pixels, IEND),
  'a row of a million pixels': () => file(ihdr({ ...RGB8, width: 1e6, height: 1 }), pixels, IEND),
};

/** 100 MB of nothing in 100 KB. */
let packed: Uint8Array | undefined;
function bomb(): Uint8Array {
  packed ??= deflateSync(Buffer.alloc(100e6));
  return packed;
}

/** [value, bits] of a deflate block that brings codes for nothing but its end. */
const EMPTY_BLOCK = [
  [0b100, 3], // not the last; dynamic
  [0, 5], // 257 literals
  [0, 5], // 1 distance
  [14, 4], // 18 lengths of code lengths: 1 bit for `many zeros` and for `1`
  ...[0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1].map((bits) => [bits, 3]),
  [1, 1],
  [127, 7], // 138 zeros
  [1, 1],
  [107, 7], // 118 zeros
  [0, 1],
  [0, 1], // the end and the one distance have codes of 1 bit
  [0, 1], // the end
] as const;

function emptyBlocks(bytes: number): Uint8Array {
  const bits = EMPTY_BLOCK.flatMap(([value, count]) =>
    Array.from({ length: count as number }, (_, i) => ((value as number) >> i) & 1),
  );
  const data = new Uint8Array(bytes);
  data.set([0x78, 0x9c]);
  for (let i = 0; i < (bytes - 2) * 8; i++) {
    const at = 2 + (i >> 3);
    data[at] = (data[at] as number) | ((bits[i % bits.length] as number) << (i & 7));
  }
  return data;
}
