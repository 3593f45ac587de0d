import { blocksOf, IMAGE, inputBlocks, LANES, type Layer, type Network, outputBlocks } from '../layers/network.ts';
import conv1x1 from './kernels/conv1x1.wgsl?raw';
import conv3x3 from './kernels/conv3x3.wgsl?raw';
import f16 from './kernels/f16.wgsl?raw';
import f32 from './kernels/f32.wgsl?raw';
import fromImage from './kernels/from-image.wgsl?raw';
import fromTensor from './kernels/from-tensor.wgsl?raw';
import grid from './kernels/grid.wgsl?raw';
import inside from './kernels/inside.wgsl?raw';
import toResult from './kernels/to-result.wgsl?raw';
import toTensor from './kernels/to-tensor.wgsl?raw';

/** What values are stored and multiplied in; sums are float32 either way. */
export type Arithmetic = 'f32' | 'f16';

/** How kernels are built for a GPU. */
export interface Build {
  readonly arithmetic: Arithmetic;
  /** Cells of a thread, and so of a workgroup's column. */
  readonly rows: 4 | 8;
  /**
   * Blocks of the output that a workgroup computes at most, 16 threads each: 8 unless told. With 16, layers of 64 channels
   * and more stage their input half as often, by all of the 256 threads that every device has.
   */
  readonly group?: 8 | 16;
}

/**
 * Phones' GPUs, by what `GPUAdapterInfo.vendor` says: with 64 registers a thread where others have 128 and more, eight
 * rows would not fit.
 */
const FEW_REGISTERS = ['arm', 'qualcomm', 'img-tec', 'samsung', 'broadcom'];

export const rowsFor = (vendor: string): Build['rows'] => (FEW_REGISTERS.includes(vendor.toLowerCase()) ? 4 : 8);

/** What a GPU gets of which nothing is known but its vendor. */
export const defaultBuild = (vendor: string): Build => ({ arithmetic: 'f32', rows: rowsFor(vendor), group: 8 });

/** Such as `f16, 8 rows, 16 blocks`. */
export const nameOfBuild = ({ arithmetic, rows, group = 8 }: Build) => `${arithmetic}, ${rows} rows, ${group} blocks`;

/** What a pipeline is made of. Layers with the same code share it: sizes of tiles are no part of it. */
export interface Kernel {
  readonly code: string;
  /** Blocks of the output that one workgroup computes, and rows of cells. */
  readonly group: number;
  readonly rows: number;
}

/** Cells side by side of a workgroup, as conv3x3.wgsl and conv1x1.wgsl have them. */
const COLUMNS = 16;

/** Blocks of the input that are staged at a time, where there is room for them and their weights. */
const MOST_CHUNK = { 1: 4, 3: 2 } as const;
/** bytes: the workgroup's memory that all devices have. */
const WORKGROUP_MEMORY = 16_384;

const dividing = (number: number, most: number) =>
  Array.from({ length: most }, (_, i) => most - i).find((divisor) => number % divisor === 0) ?? 1;

/** Blocks of the input that fit: cells with the border of a 3x3, and the weights from four channels to `group` blocks. */
function mostChunk(kernel: Layer['kernel'], group: number, { arithmetic, rows }: Build): number {
  const cells = (COLUMNS + kernel - 1) * (rows + kernel - 1);
  const bytes = (cells + kernel ** 2 * LANES * group) * LANES * (arithmetic === 'f16' ? 2 : 4);
  return Math.min(MOST_CHUNK[kernel], Math.floor(WORKGROUP_MEMORY / bytes));
}

export function kernelOf(network: Network, layer: Layer, build: Build): Kernel {
  const { arithmetic, rows } = build;
  const { kernel, source, unshuffle, shuffle, relu, residual, sumRelu } = layer;
  const readsImage = source === IMAGE;
  const isLast = layer === network.layers.at(-1);
  const [blocks, outputs] = [inputBlocks(layer), outputBlocks(layer)];
  const group = dividing(outputs, build.group ?? 8);
  // not `override`: Safari gives workgroup arrays that are sized by them no memory (WebGPU-Radix-Sort #10)
  const constants = {
    /** Blocks of the input, all and at a time. */
    BLOCKS: blocks,
    CHUNK: dividing(blocks, mostChunk(kernel, group, build)),
    /** Blocks of the output: of a workgroup, and all. */
    GROUP: group,
    OUTPUTS: outputs,
    ROWS: rows,
    UNSHUFFLE: unshuffle,
    SOURCE_BLOCKS: blocksOf(layer.inputChannels),
    IMAGE_CHANNELS: network.imageChannels,
    SHUFFLE: shuffle,
    OUTPUT_BLOCKS: blocksOf(layer.outputChannels),
    OUTPUT_CHANNELS: layer.outputChannels,
    RELU: relu,
    ADDS: residual !== undefined,
    SUM_RELU: sumRelu,
  };
  const parts = [
    arithmetic === 'f16' ? f16 : f32,
    Object.entries(constants).map(declaration).join('\n'),
    grid,
    readsImage ? fromImage : fromTensor,
    isLast ? toResult : toTensor,
    inside,
    kernel === 3 ? conv3x3 : conv1x1,
  ];
  return { code: parts.join('\n'), group, rows };
}

const declaration = ([name, value]: [string, number | boolean]) =>
  `const ${name} = ${value}${typeof value === 'number' ? 'u' : ''};`;

/** Workgroups for `width` x `height` cells. */
export function workgroups(
  layer: Layer,
  { group, rows }: Kernel,
  width: number,
  height: number,
): [number, number, number] {
  return [Math.ceil(width / COLUMNS), Math.ceil(height / rows), outputBlocks(layer) / group];
}
