/** A PNG file's parts: length, four letters, data, CRC (W3C PNG, third edition, section 5). */
export interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
}

export const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

const LENGTH_BYTES = 4;
const TYPE_BYTES = 4;
const CRC_BYTES = 4;

/** The bytes of a chunk that carries no data. */
export const EMPTY_CHUNK_BYTES = LENGTH_BYTES + TYPE_BYTES + CRC_BYTES;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** CRC-32 as PNG and zlib have it. */
export function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) c = (CRC_TABLE[(c ^ (bytes[i] as number)) & 0xff] as number) ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

/** Chunks in order, then the end of the file. */
export function writeChunks(chunks: readonly Chunk[]): Uint8Array<ArrayBuffer> {
  const size = chunks.reduce((sum, { data }) => sum + EMPTY_CHUNK_BYTES + data.length, SIGNATURE.length);
  const file = new Uint8Array(size);
  const view = new DataView(file.buffer);
  file.set(SIGNATURE);
  let offset = SIGNATURE.length;
  for (const { type, data } of chunks) {
    view.setUint32(offset, data.length);
    const typed = offset + LENGTH_BYTES;
    for (let i = 0; i < TYPE_BYTES; i++) file[typed + i] = type.charCodeAt(i);
    file.set(data, typed + TYPE_BYTES);
    const end = typed + TYPE_BYTES + data.length;
    view.setUint32(end, crc32(file.subarray(typed, end)));
    offset = end + CRC_BYTES;
  }
  return file;
}

/** Why a file is no PNG, in the words of a problem: what should have stood there, and what did. */
export type Refuse = (expected: string, received: string) => never;

/** Reads chunk after chunk, up to and including IEND. Nothing is copied; every length is checked before it is used. */
export function* readChunks(file: Uint8Array, refuse: Refuse): Generator<Chunk> {
  if (!SIGNATURE.every((byte, i) => file[i] === byte))
    refuse('a PNG file, which starts with its signature', 'other bytes');
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let offset = SIGNATURE.length;
  for (;;) {
    const left = file.length - offset - EMPTY_CHUNK_BYTES;
    if (left < 0) refuse('a file that ends with IEND', `an end after ${file.length} bytes`);
    const length = view.getUint32(offset);
    const typed = offset + LENGTH_BYTES;
    const type = String.fromCharCode(...file.subarray(typed, typed + TYPE_BYTES));
    if (!/^[A-Za-z]{4}$/.test(type)) refuse('a chunk type of four letters', `other bytes at ${typed}`);
    if (length > left) refuse(`at most ${left} bytes in ${type}`, `a length of ${length}`);
    const end = typed + TYPE_BYTES + length;
    if (view.getUint32(end) !== crc32(file.subarray(typed, end))) refuse(`the CRC of ${type} to match`, 'another');
    yield { type, data: file.subarray(typed + TYPE_BYTES, end) };
    if (type === 'IEND') return;
    offset = end + CRC_BYTES;
  }
}
