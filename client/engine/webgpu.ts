import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { findBackendFactory, registerBackend, removeBackend } from '@tensorflow/tfjs-core';
import { type ModelFiles, openTfjsEngine } from '../../models/engine.ts';
import type { GoldenCase } from '../golden.ts';
import { selfTest } from './self-test.ts';
import { type GpuEngine, watchDevice } from './watch-device.ts';

/** TF.js finds its kernels by this name. */
const BACKEND = 'webgpu';

/** Tile size follows the first two, kernels the others; devices have the guaranteed minimum unless more is asked. */
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
] as const;

/**
 * TF.js on a device of our own, because TF.js neither hears of a lost device nor of what the GPU refuses: after either
 * it would return zeros, or never.
 *
 * @throws DegrainError `engine-unavailable` where no device comes, or the golden windows come out wrong.
 */
export async function openWebgpu(
  adapter: GPUAdapter,
  files: ModelFiles,
  golden: readonly GoldenCase[],
): Promise<GpuEngine> {
  const device = await adapter.requestDevice({
    requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]])),
  });
  const watch = watchDevice(device);
  if (findBackendFactory(BACKEND)) removeBackend(BACKEND);
  registerBackend(BACKEND, () => new WebGPUBackend(device, adapter.info));
  const inner = await openTfjsEngine(BACKEND, 'tfjs-webgpu', files);
  const engine: GpuEngine = {
    name: inner.name,
    get lost() {
      return watch.isLost();
    },
    run: (input, height, width) => watch.guard(() => inner.run(input, height, width)),
    dispose() {
      inner.dispose();
      device.destroy();
    },
  };
  try {
    await selfTest(engine, golden);
  } catch (failure) {
    engine.dispose();
    throw failure;
  }
  return engine;
}
