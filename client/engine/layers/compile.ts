import type { ModelFiles } from '../../../models/engine.ts';
import { type Constant, constantsOf } from './constants.ts';
import { integerOf, integersOf, type Node, nodesOf, refuse, textOf, textsOf } from './graph.ts';
import { channelsOf, filtersOf, joined, type Mix, sliceOf, sumOf } from './mixes.ts';
import { IMAGE, type Layer, type Network, outputScale } from './network.ts';

/** What a node stands for: the image, its first channels, the layer that it is part of, or a mix of its channels. */
type Value =
  | { readonly kind: 'image' | 'layer'; readonly name: string; readonly channels: number }
  | { readonly kind: 'mix'; readonly name: string; readonly channels: number; readonly mix: Mix };

/**
 * The graph as a list of layers: what follows a convolution (ReLU, DepthToSpace, a sum, its ReLU) becomes part of it.
 *
 * @throws DegrainError `engine-unavailable` for a graph with other operations than the tiers', RED30's and MWCNN's, `invalid-model` where
 * weights and graph do not agree.
 */
export function compile(files: ModelFiles): Network {
  return new Compiler(files).network();
}

class Compiler {
  readonly #files: ModelFiles;
  readonly #constants: ReadonlyMap<string, Constant>;
  readonly #nodes: readonly Node[];
  /** How many nodes read each; the graph's output has one reader more, its caller. */
  readonly #readers = new Map<string, number>();
  readonly #values = new Map<string, Value>();
  readonly #layers = new Map<string, Layer>();

  constructor(files: ModelFiles) {
    this.#files = files;
    this.#constants = constantsOf(files);
    this.#nodes = nodesOf(files.graph.modelTopology).filter(({ op }) => op !== 'Const');
    const read = [...this.#nodes.flatMap(({ input = [] }) => input), files.card.graph.output];
    for (const name of read) this.#readers.set(name, (this.#readers.get(name) ?? 0) + 1);
  }

  network(): Network {
    const { card } = this.#files;
    const imageChannels = card.channels.input + (card.sigma.kind === 'map' ? 1 : 0);
    for (const node of this.#nodes) this.#values.set(node.name, this.#valueOf(node, imageChannels));
    const output = this.#nodes.at(-1);
    const last = [...this.#layers.values()].at(-1);
    const value = this.#values.get(card.graph.output);
    const isResult =
      output?.name === card.graph.output &&
      value?.kind === 'layer' &&
      value.name === last?.name &&
      last.outputChannels === card.channels.output &&
      outputScale(last) === 1;
    if (!output || !isResult) throw refuse(output ?? { name: '', op: 'nothing' }, 'convolutions up to its output');
    const layers = [...this.#layers.values()];
    const odd = layers.find(({ residual }, i) => residual && (residual === IMAGE) !== (i === layers.length - 1));
    if (odd) throw refuse({ name: odd.name, op: 'sum' }, 'sums with the image at its output and nowhere else');
    if (last.sumRelu) throw refuse(output, 'an answer that nothing is done to after its sum');
    return { imageChannels, layers };
  }

  #valueOf(node: Node, imageChannels: number): Value {
    if (node.op === 'Placeholder' && node.name === this.#files.card.graph.input) {
      return { kind: 'image', name: IMAGE, channels: imageChannels };
    }
    if (node.op === '_FusedConv2D') return this.#convolution(node);
    if (node.op === 'DepthToSpace') return this.#shuffled(node);
    if (node.op === 'AddV2') return this.#mixedSum(node, 1) ?? this.#sum(node);
    if (node.op === 'Sub') return this.#mixedSum(node, -1) ?? this.#refuseMix(node);
    if (node.op === 'ConcatV2') return this.#joined(node);
    if (node.op === 'Relu') return this.#rectified(node);
    if (node.op === 'Slice') return this.#slice(node);
    throw refuse(node, 'convolutions, shuffles and sums');
  }

  #convolution(node: Node): Value {
    const [from = '', filterName = '', biasName = ''] = node.input ?? [];
    const source = this.#values.get(from);
    const filters = this.#constants.get(filterName);
    const bias = this.#constants.get(biasName);
    const [side = 0, otherSide, inputChannels, outputs = 0] = filters?.shape ?? [];
    const [, stride = 0, otherStride] = integersOf(node, 'strides');
    const kernel = side / stride;
    const fused = textsOf(node, 'fused_ops').join();
    const isKnown =
      (stride === 1 || stride === 2) &&
      (kernel === 1 || kernel === 3) &&
      // half of the kernel on all sides, which SAME is where sides are multiples of the stride; a kernel of 1 has none
      (textOf(node, 'padding') === 'SAME' || (kernel === 1 && textOf(node, 'padding') === 'VALID')) &&
      ['NHWC', ''].includes(textOf(node, 'data_format')) &&
      integersOf(node, 'dilations').every((step) => step === 1) &&
      (fused === 'BiasAdd' || fused === 'BiasAdd,Relu') &&
      side === otherSide &&
      stride === otherStride;
    if (!isKnown) throw refuse(node, '1x1, 3x3, strided 2x2 and strided 6x6 convolutions');
    if (
      !source ||
      source.kind === 'mix' ||
      !filters ||
      source.channels !== inputChannels ||
      bias?.values.length !== outputs
    ) {
      throw refuse(node, 'convolutions with as many channels as their input has');
    }
    return this.#put({
      name: node.name,
      kernel,
      source: source.name,
      inputChannels,
      unshuffle: stride,
      outputChannels: outputs,
      shuffle: 1,
      relu: fused.endsWith('Relu'),
      residual: undefined,
      sumRelu: false,
      scale: this.#scaleOf(source) * stride,
      filters: filters.values,
      bias: bias.values,
    });
  }

  #shuffled(node: Node): Value {
    const mixed = this.#values.get(node.input?.[0] ?? '');
    const layer = mixed?.kind === 'mix' ? this.#mixing(node, mixed.mix) : this.#open(node.input?.[0]);
    const fits = layer?.shuffle === 1 && !layer.residual && layer.outputChannels % 4 === 0;
    if (!layer || !fits || integerOf(node, 'block_size') !== 2)
      throw refuse(node, 'shuffles of 2x2 after convolutions');
    return this.#put({ ...layer, shuffle: 2, outputChannels: layer.outputChannels / 4 });
  }

  /** The younger of the two layers takes the other one's output along. */
  #sum(node: Node): Value {
    const [a, b] = (node.input ?? []).map((name) => ({ layer: this.#open(name), value: this.#values.get(name) }));
    const [young, old] = a && b && this.#age(a.layer) > this.#age(b.layer) ? [b, a] : [a, b];
    const [layer, other] = young?.layer ? [young.layer, old?.value] : [old?.layer, young?.value];
    const fits =
      layer &&
      other &&
      !layer.residual &&
      other.kind !== 'mix' &&
      other.name !== layer.name &&
      other.channels === layer.outputChannels &&
      this.#scaleOf(other) === outputScale(layer);
    // a kernel reads what earlier ones have left, and of the image whole pixels only
    const isReady = fits && (other.kind === 'image' || this.#age(this.#layers.get(other.name)) > this.#age(layer));
    if (!isReady) throw refuse(node, 'sums of a convolution and something earlier of the same shape');
    return this.#put({ ...layer, residual: other.name });
  }

  #rectified(node: Node): Value {
    const layer = this.#open(node.input?.[0]);
    if (!layer?.residual || layer.sumRelu) throw refuse(node, 'ReLU after convolutions and after sums');
    return this.#put({ ...layer, sumRelu: true });
  }

  /** The image's first channels, or any of a layer's, to be mixed. */
  #slice(node: Node): Value {
    const [from = '', begin = '', size = ''] = node.input ?? [];
    const source = this.#values.get(from);
    const [top, left, right, first = -1] = this.#constants.get(begin)?.values ?? [];
    const [batch, height, width, channels = 0] = this.#constants.get(size)?.values ?? [];
    const isWhole =
      [batch, height, width].every((side) => side === -1) && [top, left, right].every((start) => start === 0);
    const fits = source && isWhole && first >= 0 && channels > 0 && first + channels <= source.channels;
    if (fits && source.kind === 'image' && first === 0) return { kind: 'image', name: IMAGE, channels };
    if (!fits || source.kind !== 'layer') throw refuse(node, "slices of the image's first channels and of layers");
    return mixed(sliceOf(source.name, source.channels, first, channels));
  }

  /** Of two mixes; undefined where they are none, or don't fit. */
  #mixedSum(node: Node, sign: 1 | -1): Value | undefined {
    const [a, b] = (node.input ?? []).map((name) => this.#values.get(name));
    if (a?.kind !== 'mix' || b?.kind !== 'mix') return undefined;
    const mix = sumOf(a.mix, b.mix, sign);
    return mix && mixed(mix);
  }

  #joined(node: Node): Value {
    const [axis = '', ...names] = (node.input ?? []).toReversed();
    const parts = names.toReversed().map((name) => this.#values.get(name));
    const mixes = parts.flatMap((part) => (part?.kind === 'mix' ? [part.mix] : []));
    const mix = mixes.length === parts.length ? joined(mixes) : undefined;
    if (!mix || ![3, -1].includes(this.#constants.get(axis)?.values[0] ?? 0)) return this.#refuseMix(node);
    return mixed(mix);
  }

  #refuseMix(node: Node): never {
    throw refuse(node, 'sums, differences and joins of the channels of one layer');
  }

  /** A mix that is read by a shuffle. */
  #mixing(node: Node, mix: Mix): Layer {
    const source = { kind: 'layer', name: mix.source, channels: mix.sourceChannels } as const;
    const outputs = channelsOf(mix);
    return {
      ...{ name: node.name, kernel: 1, source: mix.source, inputChannels: mix.sourceChannels, unshuffle: 1 },
      ...{ outputChannels: outputs, shuffle: 1, relu: false, residual: undefined, sumRelu: false },
      ...{ scale: this.#scaleOf(source), filters: filtersOf(mix), bias: new Float32Array(outputs) },
    };
  }

  /** The layer that a node ends, if nothing but one node reads it: then that node can become part of it. */
  #open(name: string | undefined): Layer | undefined {
    const value = this.#values.get(name ?? '');
    return value?.kind === 'layer' && this.#readers.get(name ?? '') === 1 ? this.#layers.get(value.name) : undefined;
  }

  /** 0 for the layer that came last, more for earlier ones. */
  #age(layer: Layer | undefined): number {
    const names = [...this.#layers.keys()];
    return layer ? names.length - 1 - names.indexOf(layer.name) : Number.POSITIVE_INFINITY;
  }

  #scaleOf({ name }: Value): number {
    const layer = this.#layers.get(name);
    return layer ? outputScale(layer) : 1;
  }

  #put(layer: Layer): Value {
    this.#layers.set(layer.name, layer);
    return { kind: 'layer', name: layer.name, channels: layer.outputChannels };
  }
}

const mixed = (mix: Mix): Value => ({ kind: 'mix', name: mix.source, channels: channelsOf(mix), mix });
