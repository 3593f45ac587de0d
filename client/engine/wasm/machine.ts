import { blocksOf, IMAGE, LANES, type Layer, type Network } from '../layers/network.ts';
import { assignSlots } from '../layers/slots.ts';
import type { Kernels } from './kernels.ts';
import { runLayer, scratchBytes } from './layer.ts';
import { columnGroups, packBias, packWeights, sizesOf } from './pack.ts';

/** The layer's numbers in memory, bytes. */
export interface Weights {
  readonly weights: number;
  readonly bias: number;
}

/** bytes: a line of the cache. */
const ALIGNMENT = 64;
const PAGE = 65_536;
const FLOAT_BYTES = 4;

/** Where things are put, one after the other. */
class Allocator {
  end: number;

  constructor(start: number) {
    this.end = start;
  }

  take(bytes: number): number {
    const at = this.end;
    this.end += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    return at;
  }
}

/** One network in one memory: computes one window at a time. */
export class Machine {
  readonly #network: Network;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  readonly #weights: readonly Weights[];
  /** Where a window's own part of the memory begins, bytes. */
  readonly #start: number;

  /** @throws RangeError where there is no memory for the weights. */
  constructor(module: WebAssembly.Module, network: Network) {
    this.#network = network;
    this.#memory = new WebAssembly.Memory({ initial: 1 });
    const place = new Allocator(ALIGNMENT);
    this.#weights = network.layers.map((layer) => {
      const { weights, bias } = sizesOf(layer);
      return { weights: place.take(weights * FLOAT_BYTES), bias: place.take(bias * FLOAT_BYTES) };
    });
    this.#start = place.end;
    this.#reach(place.end);
    network.layers.forEach((layer, i) => {
      const { weights, bias } = this.#weights[i] as Weights;
      const sizes = sizesOf(layer);
      packWeights(layer, this.#floats(weights, sizes.weights));
      packBias(layer, this.#floats(bias, sizes.bias));
    });
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.#memory } });
    this.#kernels = exports as Kernels;
  }

  /** [H,W,C] -> [H,W,C]. @throws RangeError where the memory does not suffice. */
  run(image: Float32Array, height: number, width: number): Float32Array<ArrayBuffer> {
    const { imageChannels, layers } = this.#network;
    const pixels = height * width;
    const slots = assignSlots(this.#network);
    const place = new Allocator(this.#start);
    const last = layers.at(-1) as Layer;
    const tensors = new Map([[IMAGE, place.take(blocksOf(imageChannels) * LANES * pixels * FLOAT_BYTES)]]);
    const shared = slots.sizes.map((values) => place.take(values * pixels * FLOAT_BYTES));
    for (const [name, slot] of slots.of) tensors.set(name, shared[slot] as number);
    tensors.set(last.name, place.take(blocksOf(last.outputChannels) * LANES * pixels * FLOAT_BYTES));
    const scratch = place.take(Math.max(...layers.map((layer) => scratchBytes(layer, width))));
    this.#reach(place.end);
    this.#spread(image, imageChannels, pixels, tensors.get(IMAGE) as number);
    layers.forEach((layer, i) => {
      const bytes = new Uint8Array(this.#memory.buffer);
      runLayer(this.#kernels, layer, {
        ...(this.#weights[i] as Weights),
        ...{ height, width, scratch, bytes },
        source: tensors.get(layer.source) as number,
        residual: layer.residual === undefined ? undefined : (tensors.get(layer.residual) as number),
        output: tensors.get(layer.name) as number,
        groups: columnGroups(layer),
      });
    });
    return this.#collect(last.outputChannels, pixels, tensors.get(last.name) as number);
  }

  /** Makes the memory as large as this. */
  #reach(bytes: number): void {
    const missing = Math.ceil((bytes - this.#memory.buffer.byteLength) / PAGE);
    if (missing > 0) this.#memory.grow(missing);
  }

  #floats(at: number, length: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.#memory.buffer as ArrayBuffer, at, length);
  }

  /** [pixels, channels] to blocks of four channels, what is missing of the last one zero. */
  #spread(image: Float32Array, channels: number, pixels: number, at: number): void {
    const blocks = this.#floats(at, blocksOf(channels) * LANES * pixels);
    if (channels === LANES) {
      blocks.set(image);
      return;
    }
    blocks.fill(0);
    for (let channel = 0; channel < channels; channel++) {
      let to = Math.floor(channel / LANES) * pixels * LANES + (channel % LANES);
      for (let from = channel; from < image.length; from += channels, to += LANES) blocks[to] = image[from] as number;
    }
  }

  #collect(channels: number, pixels: number, at: number): Float32Array<ArrayBuffer> {
    const blocks = this.#floats(at, blocksOf(channels) * LANES * pixels);
    const answer = new Float32Array(pixels * channels);
    for (let channel = 0; channel < channels; channel++) {
      let from = Math.floor(channel / LANES) * pixels * LANES + (channel % LANES);
      for (let to = channel; to < answer.length; to += channels, from += LANES) answer[to] = blocks[from] as number;
    }
    return answer;
  }
}
