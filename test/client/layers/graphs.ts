import type { NetworkCard } from '../../../models/card.ts';
import type { GraphJson, ModelFiles } from '../../../models/engine.ts';
import { sfc32 } from '../../../models/noise/random.ts';
import { encodeQ8 } from '../../../models/weights.ts';
import { fastName, readNetwork } from '../../models/published.ts';

interface Convolution {
  /** Of the filters; 6 is an unshuffle before a 3x3. */
  readonly kernel: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly stride?: number;
  readonly relu?: boolean;
}

type Entry = GraphJson['weightsManifest'][number]['weights'][number];

const base64 = (text: string) => ({ s: btoa(text) });
const integers = (...values: number[]) => ({ list: { i: values.map(String) } });
const FLOAT = { type: 'DT_FLOAT' };
const INTEGER = { type: 'DT_INT32' };

/** A graph as the exporter writes them, node by node, with random weights. */
export class GraphBuilder {
  readonly #nodes: object[] = [];
  readonly #entries: Entry[] = [];
  readonly #values: Float32Array[] = [];
  readonly #random: () => number;

  constructor(imageChannels: number, seed = 1) {
    this.#random = sfc32(seed);
    const shape = { shape: { dim: [-1, -1, -1, imageChannels].map((size) => ({ size: String(size) })) } };
    this.#nodes.push({ name: 'image', op: 'Placeholder', attr: { dtype: FLOAT, shape } });
  }

  node(name: string, op: string, input: string[], attr: object = {}): string {
    this.#nodes.push({ name, op, input, attr: { T: FLOAT, ...attr } });
    return name;
  }

  convolution(name: string, source: string, { kernel, inputs, outputs, stride = 1, relu }: Convolution): string {
    // as large as keeps the values' size from layer to layer
    const size = Math.sqrt(3 / (kernel ** 2 * inputs));
    const filters = this.#numbers(kernel ** 2 * inputs * outputs, size);
    const operands = [
      this.#constant(`${name}/filter`, [kernel, kernel, inputs, outputs], filters),
      this.#constant(`${name}/bias`, [outputs], this.#numbers(outputs, 0.5)),
    ];
    return this.node(name, '_FusedConv2D', [source, ...operands], {
      strides: integers(1, stride, stride, 1),
      dilations: integers(1, 1, 1, 1),
      padding: base64(kernel === stride ? 'VALID' : 'SAME'),
      data_format: base64('NHWC'),
      num_args: { i: '1' },
      fused_ops: { list: { s: ['BiasAdd', ...(relu ? ['Relu'] : [])].map(btoa) } },
    });
  }

  shuffle(name: string, source: string): string {
    return this.node(name, 'DepthToSpace', [source], { block_size: { i: '2' }, data_format: base64('NHWC') });
  }

  sum(name: string, a: string, b: string): string {
    return this.node(name, 'AddV2', [a, b]);
  }

  relu(name: string, source: string): string {
    return this.node(name, 'Relu', [source]);
  }

  slice(name: string, source: string, channels: number): string {
    const operands = [
      this.#constant(`${name}/begin`, [4], Float32Array.of(0, 0, 0, 0), 'int32'),
      this.#constant(`${name}/size`, [4], Float32Array.of(-1, -1, -1, channels), 'int32'),
    ];
    return this.node(name, 'Slice', [source, ...operands], { Index: INTEGER });
  }

  /** `width` channels of a layer, from `first` on. */
  channels(name: string, source: string, first: number, width: number): string {
    const operands = [
      this.#constant(`${name}/begin`, [4], Float32Array.of(0, 0, 0, first), 'int32'),
      this.#constant(`${name}/size`, [4], Float32Array.of(-1, -1, -1, width), 'int32'),
    ];
    return this.node(name, 'Slice', [source, ...operands], { Index: INTEGER });
  }

  difference(name: string, a: string, b: string): string {
    return this.node(name, 'Sub', [a, b]);
  }

  joined(name: string, ...parts: string[]): string {
    const axis = this.#constant(`${name}/axis`, [], Float32Array.of(3), 'int32');
    return this.node(name, 'ConcatV2', [...parts, axis], { N: { i: String(parts.length) }, Tidx: INTEGER });
  }

  /** Four bands to pixels: the wavelet synthesis of Haar's, not scaled. */
  synthesis(name: string, source: string, width: number): string {
    const [ll, hl, lh, hh] = [0, 1, 2, 3].map((band) => this.channels(`${name}/${band}`, source, band * width, width));
    const [left, right] = [
      this.difference(`${name}/left`, `${ll}`, `${hl}`),
      this.sum(`${name}/right`, `${ll}`, `${hl}`),
    ];
    const [falling, rising] = [
      this.difference(`${name}/falling`, `${lh}`, `${hh}`),
      this.sum(`${name}/rising`, `${lh}`, `${hh}`),
    ];
    const top = [this.difference(`${name}/a`, left, falling), this.difference(`${name}/b`, right, rising)];
    const bottom = [this.sum(`${name}/c`, left, falling), this.sum(`${name}/d`, right, rising)];
    return this.shuffle(name, this.joined(`${name}/corners`, ...top, ...bottom));
  }

  /** The last node must be called `denoised`. */
  files(inputChannels: 1 | 3, { blind = false } = {}): ModelFiles {
    const card: NetworkCard = {
      ...readNetwork(fastName),
      channels: { input: inputChannels, output: inputChannels },
      ...(blind && { sigma: { kind: 'blind' } }),
    };
    const graph: GraphJson = {
      modelTopology: { node: this.#nodes, versions: { producer: 1 } },
      weightsManifest: [{ weights: this.#entries }],
    };
    const weights = encodeQ8(this.#values.map((values) => ({ values, channels: 0 })));
    return { card, graph, weights, precision: 'q8' };
  }

  #constant(name: string, shape: number[], values: Float32Array, dtype: 'float32' | 'int32' = 'float32'): string {
    this.#nodes.push({ name, op: 'Const', attr: { dtype: dtype === 'int32' ? INTEGER : FLOAT } });
    this.#entries.push({ name, shape, dtype });
    this.#values.push(values);
    return name;
  }

  #numbers(length: number, size: number): Float32Array {
    return Float32Array.from({ length }, () => (this.#random() * 2 - 1) * size);
  }
}

/** [1,H,W,C], -1..1. */
export function randomImage(height: number, width: number, channels: number, seed = 7): Float32Array {
  const random = sfc32(seed);
  return Float32Array.from({ length: height * width * channels }, () => random() * 2 - 1);
}
