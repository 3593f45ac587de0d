import { DegrainError } from '../../../models/errors.ts';
import { halvesOf } from '../../../models/float16.ts';
import type { Layer, Network } from '../layers/network.ts';
import { type Build, type Kernel, kernelOf } from './kernel.ts';
import { packWeights } from './pack.ts';

/** A layer ready to run. */
export interface Step {
  readonly layer: Layer;
  readonly kernel: Kernel;
  readonly pipeline: GPUComputePipeline;
  /** Of the program's buffer, bytes. */
  readonly weights: { readonly offset: number; readonly size: number };
}

/** A network on a device: pipelines and weights, for tiles of any size. */
export interface Program {
  readonly network: Network;
  readonly build: Build;
  readonly steps: readonly Step[];
  readonly weights: GPUBuffer;
  /** What every kernel is given, in the order of its bindings. */
  readonly layout: GPUBindGroupLayout;
}

/** bytes: where a binding may begin. */
const ALIGNMENT = 256;

/** Grid, weights, input, residual, output. Not left to be derived: a kernel that adds nothing makes no use of one. */
const BINDINGS = ['uniform', 'read-only-storage', 'read-only-storage', 'read-only-storage', 'storage'] as const;

/** Compiles all pipelines at once, off the thread, while the weights are packed. */
export async function buildProgram(device: GPUDevice, network: Network, build: Build): Promise<Program> {
  const layout = device.createBindGroupLayout({
    entries: BINDINGS.map((type, binding) => ({ binding, visibility: GPUShaderStage.COMPUTE, buffer: { type } })),
  });
  const pipelineLayout = device.createPipelineLayout({ bindGroupLayouts: [layout] });
  const pipelines = new Map<string, Promise<GPUComputePipeline>>();
  const pipelineOf = ({ code }: Kernel) => {
    const pipeline = pipelines.get(code) ?? compilePipeline(device, code, pipelineLayout);
    pipelines.set(code, pipeline);
    return pipeline;
  };
  const isHalf = build.arithmetic === 'f16';
  const kernels = network.layers.map((layer) => kernelOf(network, layer, build));
  const compiling = Promise.all(kernels.map(pipelineOf));
  const packed = network.layers.map((layer, i) => packWeights(layer, (kernels[i] as Kernel).group));
  const sizes = packed.map((values) => values.length * (isHalf ? 2 : 4));
  const offsets: number[] = [];
  let end = 0;
  for (const size of sizes) {
    offsets.push(end);
    end += Math.ceil(size / ALIGNMENT) * ALIGNMENT;
  }
  const ready = await compiling;
  const weights = device.createBuffer({
    label: 'weights',
    size: end,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
  });
  packed.forEach((values, i) => {
    device.queue.writeBuffer(weights, offsets[i] as number, isHalf ? halvesOf(values) : values);
  });
  const steps = network.layers.map((layer, i) => ({
    layer,
    kernel: kernels[i] as Kernel,
    pipeline: ready[i] as GPUComputePipeline,
    weights: { offset: offsets[i] as number, size: sizes[i] as number },
  }));
  return { network, build, steps, weights, layout };
}

async function compilePipeline(
  device: GPUDevice,
  code: string,
  layout: GPUPipelineLayout,
): Promise<GPUComputePipeline> {
  const module = device.createShaderModule({ code });
  try {
    return await device.createComputePipelineAsync({ layout, compute: { module, entryPoint: 'main' } });
  } catch (failure) {
    throw new DegrainError(
      'engine-unavailable',
      {
        expected: "this browser and its GPU's driver to compile our kernels",
        received: String(failure),
        remedy: 'Another engine is used.',
      },
      failure,
    );
  }
}
