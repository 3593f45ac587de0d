import type { Plane } from '../planes.ts';
import { SEARCH_RADIUS, type StepProfile } from './profiles.ts';

/** The groups of similar blocks. Blocks are named by their upper left pixel, y * width + x. */
export interface Matches {
  /** Left edges of the reference blocks of every row, and the upper edges of the rows, px, ascending. */
  readonly columns: Int32Array;
  readonly rows: Int32Array;
  /** [rows,columns]: how many blocks a group has, a power of two. */
  readonly counts: Uint8Array;
  /** [rows,columns,group]: the blocks, the most similar first, of which the reference itself is the very first. */
  readonly blocks: Int32Array;
}

/** Pixels are compared as whole numbers, in steps of a quarter of 1/255. */
const STEPS = 4;

/**
 * For each block of a grid the blocks most similar to it by mean squared difference.
 *
 * All blocks are compared with those at one offset at a time, so that the sums over blocks slide along (the integral
 * images of Darbon et al., 2008), and each comparison serves both blocks. In whole numbers sliding sums are exact:
 * a block finds the same matches wherever the window begins that it is seen in.
 */
export function matchBlocks(plane: Plane, step: StepProfile): Matches {
  const { width, height } = plane;
  const { block, group } = step;
  const pixels = quantise(plane.data);
  const columns = grid(width - block, step.step);
  const rows = grid(height - block, step.step);
  const nearest = new NearestBlocks(columns.length * rows.length, group, step.similarity * STEPS ** 2 * block ** 2);
  for (const [row, y] of rows.entries()) {
    for (const [column, x] of columns.entries()) nearest.insert(row * columns.length + column, -1, y * width + x);
  }
  const rowAt = indexOf(rows, height);
  const sums = new Int32Array(width);
  const distances = new Int32Array(width);
  for (let dy = 0; dy <= SEARCH_RADIUS; dy++) {
    for (let dx = dy === 0 ? 1 : -SEARCH_RADIUS; dx <= SEARCH_RADIUS; dx++) {
      const left = Math.max(0, -dx);
      const end = width - block - Math.max(0, dx) + 1; // the first column where a block of the pair would stick out
      const bottom = height - block - dy;
      if (end <= left) continue;
      const apart = dy * width + dx;
      sums.fill(0);
      for (let y = 0; y <= bottom; y++) {
        slideDown(sums, pixels, y, width, left, end + block - 1, block, apart);
        const here = rowAt[y] as number;
        const there = rowAt[y + dy] as number;
        if (here < 0 && there < 0) continue;
        sumAcross(sums, distances, left, end, block);
        const origin = y * width;
        if (here >= 0) {
          for (let column = 0; column < columns.length; column++) {
            const x = columns[column] as number;
            if (x < left || x >= end) continue;
            const reference = here * columns.length + column;
            const distance = distances[x] as number;
            if (distance < (nearest.worst[reference] as number)) {
              nearest.insert(reference, distance, origin + x + apart);
            }
          }
        }
        if (there >= 0) {
          for (let column = 0; column < columns.length; column++) {
            const x = (columns[column] as number) - dx;
            if (x < left || x >= end) continue;
            const reference = there * columns.length + column;
            const distance = distances[x] as number;
            if (distance < (nearest.worst[reference] as number)) nearest.insert(reference, distance, origin + x);
          }
        }
      }
    }
  }
  return { columns, rows, counts: nearest.powersOfTwo(), blocks: nearest.blocks };
}

/** Beyond -1..2 pixels are all the same here: 121 squared differences then always fit into 31 bits. */
function quantise(data: Float32Array): Int16Array {
  const pixels = new Int16Array(data.length);
  for (let i = 0; i < data.length; i++) {
    pixels[i] = Math.round(Math.min(Math.max(data[i] as number, -1), 2) * 255 * STEPS);
  }
  return pixels;
}

/** Every `step` px, and the last possible position, so that the border is covered. */
function grid(last: number, step: number): Int32Array {
  const positions = Array.from({ length: Math.floor(last / step) + 1 }, (_, i) => i * step);
  if (positions.at(-1) !== last) positions.push(last);
  return Int32Array.from(positions);
}

/** The index of each position among `positions`, -1 for those that are none of them. */
function indexOf(positions: Int32Array, side: number): Int32Array {
  const index = new Int32Array(side).fill(-1);
  for (const [i, position] of positions.entries()) index[position] = i;
  return index;
}

/** Moves the column sums of squared differences from the block rows above `y` to those from `y` on. */
function slideDown(
  sums: Int32Array,
  pixels: Int16Array,
  y: number,
  width: number,
  left: number,
  end: number,
  block: number,
  apart: number,
): void {
  if (y === 0) {
    for (let row = 0; row < block; row++) {
      for (let x = left, i = row * width + left; x < end; x++, i++) {
        const difference = (pixels[i] as number) - (pixels[i + apart] as number);
        sums[x] = ((sums[x] as number) + difference * difference) | 0;
      }
    }
    return;
  }
  const down = block * width;
  for (let x = left, i = (y - 1) * width + left; x < end; x++, i++) {
    const leaving = (pixels[i] as number) - (pixels[i + apart] as number);
    const entering = (pixels[i + down] as number) - (pixels[i + down + apart] as number);
    sums[x] = ((sums[x] as number) + entering * entering - leaving * leaving) | 0;
  }
}

/** Sums `block` columns each. */
function sumAcross(sums: Int32Array, distances: Int32Array, left: number, end: number, block: number): void {
  let sum = 0;
  for (let x = left; x < left + block - 1; x++) sum += sums[x] as number;
  for (let x = left; x < end; x++) {
    sum = (sum + (sums[x + block - 1] as number)) | 0;
    distances[x] = sum;
    sum = (sum - (sums[x] as number)) | 0;
  }
}

/** For each reference the nearest blocks so far, by distance; of equally near ones the first that came. */
class NearestBlocks {
  readonly blocks: Int32Array;
  /** [references]: only a distance below it is worth inserting. */
  readonly worst: Float64Array;
  readonly #distances: Int32Array;
  readonly #counts: Uint8Array;
  readonly #size: number;

  constructor(references: number, size: number, limit: number) {
    this.#size = size;
    this.blocks = new Int32Array(references * size);
    this.#distances = new Int32Array(references * size);
    this.#counts = new Uint8Array(references);
    this.worst = new Float64Array(references).fill(limit);
  }

  insert(reference: number, distance: number, block: number): void {
    const size = this.#size;
    const distances = this.#distances;
    const blocks = this.blocks;
    const first = reference * size;
    const count = this.#counts[reference] as number;
    let at = first + (count < size ? count : size - 1);
    for (; at > first && (distances[at - 1] as number) > distance; at--) {
      distances[at] = distances[at - 1] as number;
      blocks[at] = blocks[at - 1] as number;
    }
    distances[at] = distance;
    blocks[at] = block;
    if (count < size) this.#counts[reference] = count + 1;
    if (count >= size - 1) {
      this.worst[reference] = Math.min(this.worst[reference] as number, distances[first + size - 1] as number);
    }
  }

  powersOfTwo(): Uint8Array {
    return this.#counts.map((count) => 2 ** (31 - Math.clz32(count)));
  }
}
