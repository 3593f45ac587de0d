import { blocksOf, inputBlocks, type Layer, outputBlocks } from '../layers/network.ts';
import { COLUMNS, GROUP_BYTES, ROWS } from './kernels/multiply.ts';
import { TILE, WINDOW } from './kernels/winograd.ts';
import type { Kernels } from './kernels.ts';
import { matricesOf } from './pack.ts';

/** Where a layer finds its numbers, bytes, and the sizes of its window, px. */
export interface Place {
  readonly height: number;
  readonly width: number;
  readonly source: number;
  readonly output: number;
  readonly residual: number | undefined;
  readonly weights: number;
  readonly bias: number;
  /** Groups of COLUMNS output channels. */
  readonly groups: number;
  readonly scratch: number;
  /** The whole memory. */
  readonly bytes: Uint8Array;
}

/** bytes of the transformed input that are worked on at a time: half of a small second-level cache. */
const BLOCK_BYTES = 2 ** 18;
/** bytes between matrices: one line of the cache more, so that equal places of them don't push each other out. */
const GAP = 64;
const CELL = 16;
const FLOAT_BYTES = 4;
/** Halfway transforms of a tile, bytes. */
const TILE_SCRATCH = TILE * WINDOW * CELL;

/** Rows of the matrices that are multiplied at a time: tiles or cells, whole groups of them. */
function rowsAtATime(layer: Layer): number {
  const bytesPerRow = matricesOf(layer) * inputBlocks(layer) * CELL;
  const rows = Math.floor(BLOCK_BYTES / bytesPerRow / ROWS) * ROWS;
  return Math.min(Math.max(rows, 2 * ROWS), 128 * ROWS);
}

/** Where a layer puts what it needs for a moment, bytes from the start of `scratch`. */
function scratchOf(layer: Layer, width: number) {
  const columns = Math.ceil(width / layer.scale / TILE) * TILE + 2;
  const rows = rowsAtATime(layer);
  const stripStride = columns * CELL;
  const valuesStride = rows * inputBlocks(layer) * CELL + GAP;
  const sumsStride = rows * COLUMNS * FLOAT_BYTES + GAP;
  const zeros = 2 * CELL + TILE_SCRATCH;
  const strip = zeros + columns * layer.unshuffle * CELL;
  const values = strip + (layer.kernel === 3 ? WINDOW * stripStride : 0);
  const sums = values + matricesOf(layer) * valuesStride;
  const end = sums + matricesOf(layer) * sumsStride;
  // two floors: nothing at all, and zero for ReLU
  return { floors: 0, tile: 2 * CELL, zeros, strip, stripStride, values, valuesStride, sums, sumsStride, rows, end };
}

export const scratchBytes = (layer: Layer, width: number) => scratchOf(layer, width).end;

/** A piece of one row: of tiles or of cells. */
interface Piece {
  readonly row: number;
  readonly first: number;
  readonly count: number;
  /** Which row of the matrices is its first. */
  readonly at: number;
}

/** The pieces of rows that `count` in reading order from `start` are made of. */
function piecesOf(start: number, count: number, perRow: number): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < count; ) {
    const first = (start + at) % perRow;
    const length = Math.min(count - at, perRow - first);
    pieces.push({ row: Math.floor((start + at) / perRow), first, count: length, at });
    at += length;
  }
  return pieces;
}

/** Block after block of cells: transform, multiply, transform back. */
export function runLayer(kernels: Kernels, layer: Layer, place: Place): void {
  const scratch = scratchOf(layer, place.width);
  const { bytes } = place;
  bytes.fill(0, place.scratch, place.scratch + scratch.strip);
  new Float32Array(bytes.buffer, place.scratch + scratch.floors, 4).fill(Number.NEGATIVE_INFINITY);
  const side = layer.kernel === 3 ? TILE : 1;
  const perRow = Math.ceil(place.width / layer.scale / side);
  const total = perRow * Math.ceil(place.height / layer.scale / side);
  const job = new LayerJob(kernels, layer, place, scratch);
  for (let start = 0; start < total; start += scratch.rows) {
    const count = Math.min(scratch.rows, total - start);
    job.run(piecesOf(start, count, perRow), Math.ceil(count / ROWS));
  }
}

class LayerJob {
  readonly #kernels: Kernels;
  readonly #layer: Layer;
  readonly #place: Place;
  readonly #scratch: ReturnType<typeof scratchOf>;
  readonly #height: number;
  readonly #width: number;
  /** Bytes from group to group of the values. */
  readonly #groupStride: number;

  constructor(kernels: Kernels, layer: Layer, place: Place, scratch: ReturnType<typeof scratchOf>) {
    this.#kernels = kernels;
    this.#layer = layer;
    this.#place = place;
    const { scratch: base } = place;
    const { tile, zeros, strip, values, sums } = scratch;
    this.#scratch = { ...scratch, floors: base, tile: base + tile, zeros: base + zeros, strip: base + strip };
    Object.assign(this.#scratch, { values: base + values, sums: base + sums });
    this.#height = place.height / layer.scale;
    this.#width = place.width / layer.scale;
    this.#groupStride = inputBlocks(layer) * GROUP_BYTES;
  }

  run(pieces: readonly Piece[], groups: number): void {
    const { valuesStride, values, sums, sumsStride } = this.#scratch;
    const blocks = inputBlocks(this.#layer);
    const matrices = matricesOf(this.#layer);
    const outputs = outputBlocks(this.#layer);
    for (let block = 0; block < blocks; block++) for (const piece of pieces) this.#read(block, piece);
    const weightBytes = matrices * blocks * 4 * COLUMNS * FLOAT_BYTES;
    const gaps = [
      valuesStride - groups * this.#groupStride,
      sumsStride - groups * ROWS * COLUMNS * FLOAT_BYTES,
    ] as const;
    for (let group = 0; group < this.#place.groups; group++) {
      const weights = this.#place.weights + group * weightBytes;
      this.#kernels.multiply(values, weights, sums, matrices, groups, blocks, ...gaps);
      for (let block = group * 2; block < Math.min(group * 2 + 2, outputs); block++) {
        for (const piece of pieces) this.#write(block, piece);
      }
    }
  }

  #read(block: number, { row, first, count, at }: Piece): void {
    const { kernel, unshuffle, inputChannels } = this.#layer;
    const { stripStride, strip, values, valuesStride, zeros } = this.#scratch;
    const sourceWidth = this.#width * unshuffle;
    const step = unshuffle * CELL;
    const rowStride = sourceWidth * unshuffle * CELL;
    const part = partOf(block, unshuffle, inputChannels);
    const planeBytes = sourceWidth * this.#height * unshuffle * CELL;
    const origin = this.#place.source + part.block * planeBytes + (part.row * sourceWidth + part.column) * CELL;
    const to = values + Math.floor(at / ROWS) * this.#groupStride + block * GROUP_BYTES + (at % ROWS) * CELL;
    if (kernel === 1) {
      const from = origin + row * rowStride + first * step;
      this.#kernels.gather(from, step, count, to, this.#groupStride, (at % ROWS) * CELL);
      return;
    }
    const left = first * TILE - 1;
    const [begin, end] = [Math.max(left, 0), Math.min(left + count * TILE + 2, this.#width)];
    const rowAt = (y: number) => (y < 0 || y >= this.#height ? zeros : origin + y * rowStride + begin * step);
    const top = row * TILE - 1;
    this.#kernels.columns(
      ...[rowAt(top), rowAt(top + 1), rowAt(top + 2), rowAt(top + 3), rowAt(top + 4), rowAt(top + 5)],
      ...[step, end - begin, strip, stripStride, begin - left, left + count * TILE + 2 - end],
    );
    this.#kernels.windows(strip, stripStride, count, to, valuesStride, this.#groupStride, (at % ROWS) * CELL);
  }

  #write(block: number, { row, first, count, at }: Piece): void {
    const { kernel, shuffle, outputChannels, relu, sumRelu } = this.#layer;
    const { sums, sumsStride, floors, tile } = this.#scratch;
    const { output, residual } = this.#place;
    const outputWidth = this.#width * shuffle;
    const step = shuffle * CELL;
    const rowStride = outputWidth * shuffle * CELL;
    const part = partOf(block, shuffle, outputChannels);
    const planeBytes = outputWidth * this.#height * shuffle * CELL;
    const origin = output + part.block * planeBytes + (part.row * outputWidth + part.column) * CELL;
    const from = sums + at * COLUMNS * FLOAT_BYTES + (block % 2) * CELL;
    const bias = this.#place.bias + block * CELL;
    const floor = floors + (relu ? CELL : 0);
    const sumFloor = floors + (sumRelu ? CELL : 0);
    const behind = residual === undefined ? 0 : residual - output;
    const side = kernel === 3 ? TILE : 1;
    const to = origin + row * side * rowStride + first * side * step;
    if (kernel === 1) {
      const scatter = residual === undefined ? this.#kernels.scatter : this.#kernels.scatterAdded;
      scatter(from, count, to, step, bias, floor, behind, sumFloor);
      return;
    }
    const tiles = residual === undefined ? this.#kernels.tiles : this.#kernels.tilesAdded;
    const [rows, columns] = [this.#height - row * TILE, this.#width - first * TILE];
    tiles(from, sumsStride, count, to, step, rowStride, rows, columns, bias, floor, behind, sumFloor, tile);
  }
}

/** Which of the 2x2 cells a block of channels belongs to, and which block it is there. */
function partOf(block: number, side: number, channels: number) {
  const part = Math.floor(block / blocksOf(channels));
  return { row: Math.floor(part / side), column: part % side, block: block % blocksOf(channels) };
}
