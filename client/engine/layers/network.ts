/** The image as the engine takes it: float32 [1,H,W,C], the noise map as its last channel unless the model is blind. */
export const IMAGE = 'image';

/** Four channels of one cell: what a kernel loads, multiplies and stores at a time. */
export const LANES = 4;

/**
 * A convolution with all that happens to its output:
 * [shuffle by `shuffle`] of [ReLU of] (convolution of [unshuffle by `unshuffle`] of the source + bias) + `residual`,
 * [ReLU of] that.
 * A strided 2x2 convolution is an unshuffle and a 1x1 one; a transposed 2x2 one is a 1x1 one and a shuffle.
 */
export interface Layer {
  readonly name: string;
  readonly kernel: 1 | 3;
  /** Another layer's name, or IMAGE. */
  readonly source: string;
  /** Channels of the source. */
  readonly inputChannels: number;
  /** Each 2x2 cells of the source become one cell of four times the channels; 1 leaves them. */
  readonly unshuffle: 1 | 2;
  /** Channels of the output, after the shuffle. */
  readonly outputChannels: number;
  /** Each cell of four times the channels becomes 2x2 cells of the output; 1 leaves it. */
  readonly shuffle: 1 | 2;
  readonly relu: boolean;
  /** What is added last: another layer's output of the same shape, or the first channels of IMAGE. */
  readonly residual: string | undefined;
  /** Of the sum. */
  readonly sumRelu: boolean;
  /** px per cell of the convolution, on either axis: after the unshuffle, before the shuffle. */
  readonly scale: number;
  /** [kernel * unshuffle, kernel * unshuffle, input channels, shuffle ** 2 * output channels], as in the graph. */
  readonly filters: Float32Array;
  /** [shuffle ** 2 * output channels]: of the upper left cell first, then upper right, lower left, lower right. */
  readonly bias: Float32Array;
}

/** What runs for a tile: every layer once, in this order. The last one's output is the answer. */
export interface Network {
  readonly imageChannels: number;
  readonly layers: readonly Layer[];
}

export const blocksOf = (channels: number) => Math.ceil(channels / LANES);

/** px per cell of what a layer leaves. */
export const outputScale = ({ scale, shuffle }: Layer) => scale / shuffle;

/** Multiply-accumulates per px of the image, padding not counted. */
export function macsPerPixel({ kernel, unshuffle, inputChannels, shuffle, outputChannels, scale }: Layer): number {
  return (kernel ** 2 * unshuffle ** 2 * inputChannels * shuffle ** 2 * outputChannels) / scale ** 2;
}

/** 1e9 multiply-accumulates of the whole network per px of the image. */
export const gmacsPerPixel = ({ layers }: Network): number =>
  layers.reduce((sum, layer) => sum + macsPerPixel(layer), 0) / 1e9;

/** Blocks of four channels that a cell of the convolution reads and writes, unshuffled and not yet shuffled. */
export const inputBlocks = ({ unshuffle, inputChannels }: Layer) => unshuffle ** 2 * blocksOf(inputChannels);
export const outputBlocks = ({ shuffle, outputChannels }: Layer) => shuffle ** 2 * blocksOf(outputChannels);

/** px: sides of a tile are multiples of it. */
export const sizeMultiple = (layers: readonly Layer[]) => Math.max(...layers.map(({ scale }) => scale));
