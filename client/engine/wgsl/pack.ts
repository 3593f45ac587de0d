import { blocksOf, inputBlocks, LANES, type Layer, outputBlocks } from '../layers/network.ts';

/**
 * A layer's weights in the order in which its kernel reads them, `group` blocks of the output by a workgroup, then the
 * biases: [groups, blocks of the input, k (x), k (y), lanes of the input, blocks of a group, lanes], [blocks, lanes].
 * Channels that fill up a block are zero.
 */
export function packWeights(layer: Layer, group: number): Float32Array<ArrayBuffer> {
  const { kernel, unshuffle, shuffle, inputChannels, outputChannels } = layer;
  const [inputs, outputs] = [inputBlocks(layer), outputBlocks(layer)];
  const packed = new Float32Array((kernel ** 2 * inputs * LANES + 1) * outputs * LANES);
  const filterOutputs = shuffle ** 2 * outputChannels;
  let to = 0;
  for (let firstOutput = 0; firstOutput < outputs; firstOutput += group) {
    for (let input = 0; input < inputs; input++) {
      const from = partOf(input, unshuffle, inputChannels);
      for (let tap = 0; tap < kernel ** 2; tap++) {
        const row = (tap % kernel) * unshuffle + from.row;
        const column = Math.floor(tap / kernel) * unshuffle + from.column;
        for (let lane = 0; lane < LANES; lane++, to += group * LANES) {
          const channel = from.channel + lane;
          if (channel >= inputChannels) continue;
          const at = ((row * kernel * unshuffle + column) * inputChannels + channel) * filterOutputs;
          for (let block = 0; block < group; block++) {
            copyLanes(layer, layer.filters, at, packed, to + block * LANES, firstOutput + block);
          }
        }
      }
    }
  }
  for (let block = 0; block < outputs; block++, to += LANES) copyLanes(layer, layer.bias, 0, packed, to, block);
  return packed;
}

/** The four outputs of a block, of which the last ones may be none. */
function copyLanes(
  { shuffle, outputChannels }: Layer,
  source: Float32Array,
  from: number,
  packed: Float32Array,
  to: number,
  block: number,
): void {
  const { row, column, channel } = partOf(block, shuffle, outputChannels);
  const first = (row * shuffle + column) * outputChannels + channel;
  for (let lane = 0; lane < LANES && channel + lane < outputChannels; lane++) {
    packed[to + lane] = source[from + first + lane] as number;
  }
}

/** Which of the 2x2 cells a block belongs to, and its first channel there. */
function partOf(block: number, side: number, channels: number) {
  const part = Math.floor(block / blocksOf(channels));
  return { row: Math.floor(part / side), column: part % side, channel: (block % blocksOf(channels)) * LANES };
}
