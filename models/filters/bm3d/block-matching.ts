import type { Plane } from '../planes.ts';
import { NearestBlocks } from './nearest-blocks.ts';
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
    // a block comes first in its group: its equals come later
    for (const [column, x] of columns.entries()) nearest.insert(row * columns.length + column, 0, y * width + x);
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
      const [from, until] = between(columns, left, end);
      const [fromOther, untilOther] = between(columns, left + dx, end + dx);
      sums.fill(0);
      for (let y = 0; y <= bottom; y++) {
        slideDown(sums, pixels, y, width, left, end + block - 1, block, apart);
        const here = rowAt[y] as number;
        const there = rowAt[y + dy] as number;
        if (here < 0 && there < 0) continue;
        sumAcross(sums, distances, left, end, block);
        if (here >= 0) {
          nearest.offer(here * columns.length, columns, from, until, 0, distances, y * width + apart);
        }
        if (there >= 0) {
          nearest.offer(there * columns.length, columns, fromOther, untilOther, -dx, distances, y * width);
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

/** Which of the ascending positions are at `from` or after, and before `end`: the first, and the first that is not. */
function between(positions: Int32Array, from: number, end: number): [first: number, until: number] {
  const first = positions.findIndex((position) => position >= from);
  const until = positions.findIndex((position) => position >= end);
  return [first < 0 ? positions.length : first, until < 0 ? positions.length : until];
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
  for (let x = left; x < left + block; x++) sum += sums[x] as number;
  distances[left] = sum;
  for (let x = left + 1; x < end; x++) {
    sum = (sum + ((sums[x + block - 1] as number) - (sums[x - 1] as number))) | 0;
    distances[x] = sum;
  }
}
