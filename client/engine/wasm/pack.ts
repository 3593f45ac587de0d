import { blocksOf, inputBlocks, LANES, type Layer, type Network, outputBlocks } from '../layers/network.ts';
import { COLUMNS } from './kernels/multiply.ts';
import { WINDOW } from './kernels/winograd.ts';

/** The filters' transform that goes with kernels/winograd.ts, [WINDOW, 3]. */
const G = Float64Array.of(
  ...[1 / 4, 0, 0],
  ...[-1 / 6, -1 / 6, -1 / 6],
  ...[-1 / 6, 1 / 6, -1 / 6],
  ...[1 / 24, 1 / 12, 1 / 6],
  ...[1 / 24, -1 / 12, 1 / 6],
  ...[0, 0, 1],
);

/** Products of matrices that a layer takes: one, or one for each place of a window. */
export const matricesOf = ({ kernel }: Layer) => (kernel === 3 ? WINDOW ** 2 : 1);

/** Groups of COLUMNS output channels that a layer computes; the last may be half empty. */
export const columnGroups = (layer: Layer) => Math.ceil((outputBlocks(layer) * LANES) / COLUMNS);

/** Floats of a layer's packed weights, and of its biases. */
export const sizesOf = (layer: Layer) => ({
  weights: columnGroups(layer) * matricesOf(layer) * inputBlocks(layer) * LANES * COLUMNS,
  bias: columnGroups(layer) * COLUMNS,
});

/** bytes of a network's packed weights. */
export const weightBytes = ({ layers }: Network): number =>
  layers.reduce((sum, layer) => sum + sizesOf(layer).weights * Float32Array.BYTES_PER_ELEMENT, 0);

/** A layer's weights as kernels/multiply.ts reads them: [group, matrix, channel of the input, COLUMNS]. */
export function packWeights(layer: Layer, packed: Float32Array): void {
  const { kernel, unshuffle, inputChannels, outputChannels, shuffle, filters } = layer;
  const inputs = inputBlocks(layer) * LANES;
  const filterOutputs = shuffle ** 2 * outputChannels;
  const side = kernel * unshuffle;
  const matrixSize = inputs * COLUMNS;
  const taps = new Float64Array(kernel ** 2);
  for (let output = 0; output < outputBlocks(layer) * LANES; output++) {
    const to = channelOf(output, shuffle, outputChannels);
    if (to.channel >= outputChannels) continue;
    const outputIndex = (to.row * shuffle + to.column) * outputChannels + to.channel;
    const group = Math.floor(output / COLUMNS) * matricesOf(layer) * matrixSize + (output % COLUMNS);
    for (let input = 0; input < inputs; input++) {
      const from = channelOf(input, unshuffle, inputChannels);
      if (from.channel >= inputChannels) continue;
      for (let tap = 0; tap < taps.length; tap++) {
        const row = Math.floor(tap / kernel) * unshuffle + from.row;
        const column = (tap % kernel) * unshuffle + from.column;
        taps[tap] = filters[((row * side + column) * inputChannels + from.channel) * filterOutputs + outputIndex] ?? 0;
      }
      const at = group + input * COLUMNS;
      if (kernel === 1) packed[at] = taps[0] as number;
      else transform(taps, packed, at, matrixSize);
    }
  }
}

export function packBias(layer: Layer, packed: Float32Array): void {
  const { shuffle, outputChannels, bias } = layer;
  for (let output = 0; output < outputBlocks(layer) * LANES; output++) {
    const { row, column, channel } = channelOf(output, shuffle, outputChannels);
    if (channel >= outputChannels) continue;
    packed[output] = bias[(row * shuffle + column) * outputChannels + channel] as number;
  }
}

const halfway = new Float64Array(WINDOW * 3);

/** G taps G^T, one value per matrix. */
function transform(taps: Float64Array, packed: Float32Array, at: number, matrixSize: number): void {
  for (let i = 0; i < WINDOW; i++) {
    for (let j = 0; j < 3; j++) halfway[i * 3 + j] = product(i * 3, taps, j, 3);
  }
  for (let i = 0, to = at; i < WINDOW; i++) {
    for (let j = 0; j < WINDOW; j++, to += matrixSize) packed[to] = product(j * 3, halfway, i * 3, 1);
  }
}

/** Three numbers of G with three others. */
function product(i: number, values: Float64Array, j: number, step: number): number {
  const first = (G[i] as number) * (values[j] as number);
  const second = (G[i + 1] as number) * (values[j + step] as number);
  return first + second + (G[i + 2] as number) * (values[j + 2 * step] as number);
}

/** Which of the 2x2 cells a lane belongs to, and its channel there; blocks of four channels are of one cell each. */
function channelOf(lane: number, side: number, channels: number) {
  const perCell = blocksOf(channels) * LANES;
  const part = Math.floor(lane / perCell);
  return { row: Math.floor(part / side), column: part % side, channel: lane % perCell };
}
