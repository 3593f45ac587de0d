import type { TileEngine } from '../../models/engine.ts';
import { DegrainError } from '../../models/errors.ts';

export interface GpuEngine extends TileEngine {
  /** Its device is gone: every run fails, and a new engine needs a new adapter. */
  readonly lost: boolean;
  /** How it computes, for those who ask why it was chosen. */
  readonly variant?: string | undefined;
}

export interface DeviceWatch {
  isLost(): boolean;
  /** @throws DegrainError `engine-failed` for what the device says until the run ends, besides what that throws. */
  guard<Result>(start: () => Promise<Result>): Promise<Result>;
}

/** A run that is under way, and what went wrong meanwhile. */
interface Run {
  failure?: DegrainError;
  fail(failure: DegrainError): void;
}

/**
 * Turns what a device says aside into failures of the run that caused it. Of several that are under way all fail: the
 * device does not say whose the error is, and each can be run again.
 */
export function watchDevice(device: GPUDevice): DeviceWatch {
  const underWay = new Set<Run>();
  let loss: DegrainError | undefined;
  device.lost.then(({ reason, message }) => {
    loss = failed('the GPU device to stay', `its loss (${reason || 'unknown'}: ${message})`);
    // a read from a lost device may stay pending for ever
    for (const run of underWay) run.fail(loss);
  });
  device.addEventListener('uncapturederror', ({ error }) => {
    const failure = failed('the GPU to accept the work', `${error.constructor.name}: ${error.message}`);
    for (const run of underWay) run.failure ??= failure;
  });
  return {
    isLost: () => loss !== undefined,
    async guard(start) {
      if (loss) throw loss;
      const run: Run = { fail: () => {} };
      const failing = new Promise<never>((_, reject) => {
        run.fail = reject;
      });
      underWay.add(run);
      try {
        const result = await Promise.race([start(), failing]);
        if (run.failure) throw run.failure;
        return result;
      } finally {
        underWay.delete(run);
      }
    },
  };
}

function failed(expected: string, received: string): DegrainError {
  const remedy = 'Smaller tiles and other engines are tried; closing other tabs frees memory of the GPU.';
  return new DegrainError('engine-failed', { expected, received, remedy });
}
