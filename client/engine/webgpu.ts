import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { findBackendFactory, registerBackend, removeBackend } from '@tensorflow/tfjs-core';
import { type ModelFiles, openTfjsEngine, type TileEngine } from '../../models/engine.ts';
import { DegrainError } from '../../models/errors.ts';
import type { GoldenCase } from '../golden.ts';
import { selfTest } from './self-test.ts';

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

export interface WebgpuEngine extends TileEngine {
  /** Its device is gone: every run fails, and a new engine needs a new adapter. */
  readonly lost: boolean;
}

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
): Promise<WebgpuEngine> {
  const device = await adapter.requestDevice({
    requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]])),
  });
  const watch = watchDevice(device);
  if (findBackendFactory(BACKEND)) removeBackend(BACKEND);
  registerBackend(BACKEND, () => new WebGPUBackend(device, adapter.info));
  const inner = await openTfjsEngine(BACKEND, 'tfjs-webgpu', files);
  const engine: WebgpuEngine = {
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

/** Turns what a device says aside into failures of the run that caused it. */
function watchDevice(device: GPUDevice) {
  let failure: DegrainError | undefined;
  let isLost = false;
  const lost = device.lost.then(({ reason, message }) => {
    isLost = true;
    failure = failed('the GPU device to stay', `its loss (${reason || 'unknown'}: ${message})`);
    return failure;
  });
  device.addEventListener('uncapturederror', ({ error }) => {
    failure ??= failed('the GPU to accept the work', `${error.constructor.name}: ${error.message}`);
  });
  return {
    isLost: () => isLost,
    async guard<Result>(run: () => Promise<Result>): Promise<Result> {
      if (isLost && failure) throw failure;
      failure = undefined;
      // a read from a lost device may stay pending for ever
      const result = await Promise.race([run(), lost.then((loss) => Promise.reject(loss))]);
      if (failure) throw failure;
      return result;
    },
  };
}

function failed(expected: string, received: string): DegrainError {
  const remedy = 'Smaller tiles and other engines are tried; closing other tabs frees memory of the GPU.';
  return new DegrainError('engine-failed', { expected, received, remedy });
}
