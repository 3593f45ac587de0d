import type { ModelFiles } from '../../../models/engine.ts';
import type { GoldenCase } from '../../golden.ts';
import { selfTest } from '../self-test.ts';
import { type GpuEngine, watchDevice } from '../watch-device.ts';
import { compile } from './compile.ts';
import { type Arithmetic, rowsFor } from './kernel.ts';
import { buildProgram } from './program.ts';
import { createRuns } from './runs.ts';

/** Tile size follows these; the kernels make do with what every device has. */
const LIMITS = ['maxBufferSize', 'maxStorageBufferBindingSize'] as const;

/**
 * The network in kernels of our own, for the operations of the tiers.
 *
 * @throws DegrainError `engine-unavailable` for a graph of other operations, where no device comes, and where the
 * golden windows come out wrong.
 */
export async function openWgsl(
  adapter: GPUAdapter,
  files: ModelFiles,
  golden: readonly GoldenCase[],
  arithmetic: Arithmetic = 'f32',
): Promise<GpuEngine> {
  // first, because a device takes memory and time
  const network = compile(files);
  const device = await adapter.requestDevice({
    requiredFeatures: arithmetic === 'f16' ? ['shader-f16'] : [],
    requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]])),
  });
  const watch = watchDevice(device);
  try {
    const program = await buildProgram(device, network, { arithmetic, rows: rowsFor(adapter.info.vendor) });
    const { destroy, ...runs } = createRuns(device, watch, program);
    const engine: GpuEngine = {
      name: 'wgsl',
      ...runs,
      get lost() {
        return watch.isLost();
      },
      dispose() {
        destroy();
        program.weights.destroy();
        device.destroy();
      },
    };
    await selfTest(engine, golden);
    return engine;
  } catch (failure) {
    device.destroy();
    throw failure;
  }
}
