import { openWgsl } from '../../client/engine/wgsl/engine.ts';
import type { GoldenCase } from '../../client/golden.ts';
import type { ModelFiles } from '../../models/engine.ts';
import { GraphBuilder, randomImage } from '../client/layers/graphs.ts';
import { softwareAdapter } from './dawn.ts';

/**
 * denoised = image[..., 0:3] + shuffle(1x1(strided 2x2(image))) over nine blocks of channels: workgroups of at most eight
 * blocks, of at most 16, and of four rows divide it differently. Else as little as possible.
 */
export function nineBlocks(): ModelFiles {
  const graph = new GraphBuilder(4);
  graph.convolution('head', 'image', { kernel: 2, stride: 2, inputs: 4, outputs: 36 });
  graph.convolution('tail', 'head', { kernel: 1, inputs: 36, outputs: 12 });
  graph.shuffle('noise', 'tail');
  graph.slice('colours', 'image', 3);
  graph.sum('denoised', 'colours', 'noise');
  return graph.files(3);
}

/** What the default kernels make of a window; test/gpu/kernels.test.ts vouches for them. */
export async function goldenBy(files: ModelFiles): Promise<GoldenCase[]> {
  const input = randomImage(16, 8, 4);
  const engine = await openWgsl(await softwareAdapter(), files, []);
  const output = await engine.run(input, 16, 8);
  engine.dispose();
  return [{ input, output, height: 16, width: 8 }];
}

/** The adapter as a GPU of this vendor. */
export function disguise(adapter: GPUAdapter, vendor: string): GPUAdapter {
  Object.defineProperty(adapter, 'info', { value: { vendor, architecture: 'test' } });
  return adapter;
}

/** Kernels of devices that the adapter gives from now on, in other words. */
export function rewriteKernels(adapter: GPUAdapter, rewrite: (code: string) => string): void {
  const requestDevice = adapter.requestDevice.bind(adapter);
  adapter.requestDevice = async (options) => {
    const device = await requestDevice(options);
    const createShaderModule = device.createShaderModule.bind(device);
    device.createShaderModule = ({ code }) => createShaderModule({ code: rewrite(code) });
    return device;
  };
}
