import { deflateSync } from 'node:zlib';
import { type Chunk, writeChunks } from '../../models/files/png/chunks.ts';

/** What to build: any PNG that the standard allows, and many that it does not. */
export interface PngShape {
  width: number;
  height: number;
  /** 1, 2, 4, 8 or 16. */
  depth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha. */
  colour: number;
  interlaced?: boolean;
  /** [H,W,samples], as the file has them. */
  samples: ArrayLike<number>;
  /** Filter of a row, counted from the top of its pass; by default each of the five in turn. */
  filter?: (row: number) => number;
}

export const SAMPLES_OF: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

export const chunk = (type: string, data: ArrayLike<number> = []): Chunk => ({ type, data: Uint8Array.from(data) });

export function ihdr({ width, height, depth, colour, interlaced = false }: Omit<PngShape, 'samples'>): Chunk {
  const data = new Uint8Array(13);
  const view = new DataView(data.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  data.set([depth, colour, 0, 0, interlaced ? 1 : 0], 8);
  return chunk('IHDR', data);
}

export const idat = (rows: Uint8Array): Chunk => chunk('IDAT', deflateSync(rows));
export const IEND = chunk('IEND');

/** A sound PNG, bit by bit as the standard describes it: written for clarity, and without the code under test. */
export function buildPng(shape: PngShape, extra: Chunk[] = []): Uint8Array<ArrayBuffer> {
  return writeChunks([ihdr(shape), ...extra, idat(buildRows(shape)), IEND]);
}

export function buildRows(shape: PngShape): Uint8Array {
  const { width, height, interlaced } = shape;
  const passes = interlaced ? ADAM7 : ([[0, 0, 1, 1]] as const);
  return Buffer.concat(
    passes.map(([x0, y0, dx, dy]) => {
      const columns = range(x0, width, dx);
      if (columns.length === 0) return new Uint8Array(0);
      return filterPass(
        range(y0, height, dy).map((y) => packRow(shape, columns, y)),
        shape,
      );
    }),
  );
}

function range(start: number, end: number, step: number): number[] {
  const numbers = [];
  for (let n = start; n < end; n += step) numbers.push(n);
  return numbers;
}

function packRow({ width, depth, colour, samples }: PngShape, columns: number[], y: number): Uint8Array {
  const count = SAMPLES_OF[colour] as number;
  const bits = columns
    .flatMap((x) => Array.from({ length: count }, (_, c) => samples[(y * width + x) * count + c] as number))
    .map((sample) => sample.toString(2).padStart(depth, '0'))
    .join('');
  return Uint8Array.from({ length: Math.ceil(bits.length / 8) }, (_, i) =>
    Number.parseInt(bits.slice(i * 8, i * 8 + 8).padEnd(8, '0'), 2),
  );
}

function filterPass(rows: Uint8Array[], { depth, colour, filter = (row) => row % 5 }: PngShape): Uint8Array {
  const step = Math.max(1, ((SAMPLES_OF[colour] as number) * depth) / 8);
  return Buffer.concat(
    rows.map((row, y) => {
      const type = filter(y);
      const at = (line: Uint8Array | undefined, i: number) => line?.[i] ?? 0;
      const filtered = row.map((byte, i) => {
        const [a, b, c] = [at(row, i - step), at(rows[y - 1], i), at(rows[y - 1], i - step)];
        const p = a + b - c;
        const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
        const paeth = pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
        return byte - ([0, a, b, (a + b) >> 1, paeth][type] ?? 0);
      });
      return Uint8Array.of(type, ...filtered);
    }),
  );
}

/** A sound RGB image of 8 bits: for requests whose point is elsewhere. */
export function plainPng(width: number, height: number, extra: Chunk[] = []): Uint8Array<ArrayBuffer> {
  const samples = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 37) % 251);
  const rows = Buffer.concat(
    Array.from({ length: height }, (_, y) => Uint8Array.of(0, ...samples.subarray(y * width * 3, (y + 1) * width * 3))),
  );
  return writeChunks([ihdr({ width, height, depth: 8, colour: 2 }), ...extra, idat(rows), IEND]);
}
