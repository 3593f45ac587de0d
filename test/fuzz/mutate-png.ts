import { deflateSync } from 'node:zlib';
import { type Chunk, readChunks, SIGNATURE, writeChunks } from '../../models/files/png/chunks.ts';
import { guardPng } from '../../models/files/png/guard.ts';
import type { Random } from './random.ts';

type File = Uint8Array<ArrayBuffer>;

/** As many chunks as can be read. */
function chunksOf(file: File): Chunk[] {
  const chunks: Chunk[] = [];
  try {
    for (const chunk of readChunks(file, stop)) chunks.push(chunk);
  } catch {
    // a damaged file ends where it is damaged
  }
  return chunks;
}

function stop(): never {
  throw new Error('no further');
}

const TYPES = ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'iCCP', 'eXIf', 'pHYs', 'gAMA', 'acTL', 'fdAT', 'tEXt', 'zzZz', 'CgBI'];

/** Changes to chunks whose CRCs are right again afterwards, so that what is behind them is reached. */
export function chunkSurgery(file: File, other: File, random: Random): File {
  const chunks = chunksOf(file);
  if (chunks.length === 0) return file;
  const at = random.below(chunks.length);
  const chunk = chunks[at] as Chunk;
  const changed = (data: Uint8Array, type = chunk.type) => chunks.toSpliced(at, 1, { type, data });
  switch (random.below(8)) {
    case 0:
      return writeChunks(chunks.toSpliced(at, 1));
    case 1:
      return writeChunks(chunks.toSpliced(at, 0, chunk));
    case 2:
      return writeChunks(chunks.toSpliced(at, 1).toSpliced(random.below(chunks.length), 0, chunk));
    case 3:
      return writeChunks(changed(chunk.data.subarray(0, random.below(chunk.data.length + 1))));
    case 4:
      return writeChunks(changed(chunk.data, random.pick(TYPES)));
    case 5: {
      const added = { type: random.pick(TYPES), data: random.bytes(random.below(40)) };
      return writeChunks(chunks.toSpliced(at, 0, added));
    }
    case 6: {
      const taken = chunksOf(other);
      return taken.length > 0 ? writeChunks(chunks.toSpliced(at, 1, random.pick(taken))) : file;
    }
    default: {
      const data = chunk.data.slice();
      for (let n = random.below(4); n >= 0 && data.length > 0; n--) data[random.below(data.length)] = random.below(256);
      return writeChunks(changed(data));
    }
  }
}

/** Another header around the same data: sizes, depths, colour types, interlacing. */
export function pngHeader(file: File, random: Random): File {
  const [header, ...rest] = chunksOf(file);
  if (header?.data.length !== 13) return file;
  const data = header.data.slice();
  const view = new DataView(data.buffer);
  const sizes = [0, 1, 2, 3, 8, 256, 257, 65535, 65536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];
  const field = random.below(5);
  if (field < 2) view.setUint32(4 * field, random.below(3) ? random.pick(sizes) : random.below(70_000));
  else
    data[random.pick([8, 9, 10, 11, 12])] = random.below(2)
      ? random.pick([0, 1, 2, 3, 4, 6, 8, 16])
      : random.below(256);
  return writeChunks([{ type: 'IHDR', data }, ...rest]);
}

/** Other numbers in the rows, compressed again: what reaches the unfiltering. */
export function pngRows(file: File, random: Random): File {
  let rows: Uint8Array;
  try {
    rows = guardPng(file, { maxBytes: 2 ** 20, maxPixels: 65536 }).inflated.slice();
  } catch {
    return file;
  }
  for (let n = random.below(6); n >= 0; n--) rows[random.below(rows.length)] = random.below(random.below(2) ? 5 : 256);
  const length = random.below(8) ? rows.length : random.below(rows.length + 1);
  const packed = deflateSync(rows.subarray(0, length), { level: random.below(10) });
  const chunks = chunksOf(file);
  const first = chunks.findIndex(({ type }) => type === 'IDAT');
  const others = chunks.filter(({ type }) => type !== 'IDAT');
  return writeChunks(others.toSpliced(first, 0, { type: 'IDAT', data: packed }));
}

/** A chunk's length as another number. */
export function pngLength(file: File, random: Random): File {
  const chunks = chunksOf(file);
  if (chunks.length === 0) return file;
  const before = writeChunks(chunks.slice(0, random.below(chunks.length))).length;
  const changed = file.slice();
  if (before + 4 > changed.length) return file;
  const lengths = [0, 1, 0xff, 0xffff, 2 ** 30 - 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];
  new DataView(changed.buffer).setUint32(Math.max(before, SIGNATURE.length), random.pick(lengths));
  return changed;
}
