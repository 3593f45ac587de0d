import { IMAGE, macsPerPixel } from '../layers/network.ts';
import { assignSlots } from '../layers/slots.ts';
import { workgroups } from './kernel.ts';
import type { Program, Step } from './program.ts';
import { Readbacks } from './readbacks.ts';

/** Everything that a tile of one size needs on the GPU, made once and used for all tiles of that size. */
export interface Tile {
  readonly height: number;
  readonly width: number;
  readonly image: GPUBuffer;
  readonly result: GPUBuffer;
  /** For its answers. */
  readonly readbacks: Readbacks;
  readonly dispatches: readonly Dispatch[];
  destroy(): void;
}

export interface Dispatch {
  readonly step: Pick<Step, 'pipeline'>;
  readonly bindings: GPUBindGroup;
  readonly workgroups: readonly [number, number, number];
  /** Multiply-accumulates, 1e9. */
  readonly gmacs: number;
}

const FLOAT_BYTES = 4;
/** bytes: where a uniform may begin. */
const ALIGNMENT = 256;

export function createTile(device: GPUDevice, program: Program, height: number, width: number): Tile {
  const { network, steps, build } = program;
  const pixels = height * width;
  const buffers: GPUBuffer[] = [];
  const buffer = (label: string, size: number, usage: number) => {
    const made = device.createBuffer({ label, size, usage });
    buffers.push(made);
    return made;
  };
  const slots = assignSlots(network);
  const valueBytes = build.arithmetic === 'f16' ? 2 : 4;
  const outputChannels = (steps.at(-1) as Step).layer.outputChannels;
  const { STORAGE, UNIFORM, COPY_DST, COPY_SRC } = GPUBufferUsage;
  const image = buffer('image', pixels * network.imageChannels * FLOAT_BYTES, STORAGE | COPY_DST);
  const result = buffer('result', pixels * outputChannels * FLOAT_BYTES, STORAGE | COPY_SRC);
  const readbacks = new Readbacks(device, result.size);
  const shared = slots.sizes.map((values, i) => buffer(`slot ${i}`, values * pixels * valueBytes, STORAGE));

  const scales = [...new Set(network.layers.map(({ scale }) => scale))];
  const grids = buffer('grids', scales.length * ALIGNMENT, UNIFORM | COPY_DST);
  scales.forEach((scale, i) => {
    device.queue.writeBuffer(grids, i * ALIGNMENT, Uint32Array.of(width / scale, height / scale));
  });

  const tensor = (name: string) => (name === IMAGE ? image : (shared[slots.of.get(name) as number] as GPUBuffer));
  const dispatches = steps.map((step): Dispatch => {
    const { layer, weights, kernel } = step;
    const { source, residual, scale } = layer;
    const filters = { buffer: program.weights, ...weights };
    const isLast = step === steps.at(-1);
    const resources: GPUBufferBinding[] = [
      { buffer: grids, offset: scales.indexOf(scale) * ALIGNMENT, size: 8 },
      filters,
      { buffer: tensor(source) },
      residual ? { buffer: tensor(residual) } : filters,
      { buffer: isLast ? result : tensor(layer.name) },
    ];
    const bindings = device.createBindGroup({
      label: layer.name,
      layout: program.layout,
      entries: resources.map((resource, binding) => ({ binding, resource })),
    });
    return {
      step,
      bindings,
      workgroups: workgroups(layer, kernel, width / scale, height / scale),
      gmacs: (macsPerPixel(layer) * pixels) / 1e9,
    };
  });
  return {
    ...{ height, width, image, result, readbacks, dispatches },
    destroy: () => {
      for (const made of [...buffers, readbacks]) made.destroy();
    },
  };
}
