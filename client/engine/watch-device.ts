import type { TileEngine } from '../../models/engine.ts';
import { DegrainError } from '../../models/errors.ts';

export interface GpuEngine extends TileEngine {
  /** Its device is gone: every run fails, and a new engine needs a new adapter. */
  readonly lost: boolean;
}

/** Turns what a device says aside into failures of the run that caused it. */
export function watchDevice(device: GPUDevice) {
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
