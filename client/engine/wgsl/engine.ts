import type { ModelFiles } from '../../../models/engine.ts';
import type { GoldenCase } from '../../golden.ts';
import { compile } from '../layers/compile.ts';
import { gmacsPerPixel } from '../layers/network.ts';
import { selfTest } from '../self-test.ts';
import { type GpuEngine, watchDevice } from '../watch-device.ts';
import { type Build, defaultBuild } from './kernel.ts';
import { Pace } from './pace.ts';
import { buildProgram } from './program.ts';
import { createRuns } from './runs.ts';

/** Tile size follows these; the kernels make do with what every device has. */
const LIMITS = ['maxBufferSize', 'maxStorageBufferBindingSize'] as const;

export interface WgslEngine extends GpuEngine {
  /** Asked for by the pipeline, because it is known only after the first runs. */
  readonly maxTilePixels: number | undefined;
}

/**
 * The network in kernels of our own, for what layers/compile.ts knows.
 *
 * @throws DegrainError `engine-unavailable` for a graph of other operations, where no device comes, and where the
 * golden windows come out wrong.
 */
export async function openWgsl(
  adapter: GPUAdapter,
  files: ModelFiles,
  golden: readonly GoldenCase[],
  differently: Partial<Build> = {},
  pace = new Pace(),
): Promise<WgslEngine> {
  // first, because a device takes memory and time
  const network = compile(files);
  const build = { ...defaultBuild(adapter.info.vendor), ...differently };
  const device = await adapter.requestDevice({
    requiredFeatures: build.arithmetic === 'f16' ? ['shader-f16'] : [],
    requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]])),
  });
  const watch = watchDevice(device);
  try {
    const program = await buildProgram(device, network, build);
    const { destroy, ...runs } = createRuns(device, watch, program, pace);
    const engine: WgslEngine = {
      name: 'wgsl',
      ...runs,
      get lost() {
        return watch.isLost();
      },
      get maxTilePixels() {
        return pace.mostPixels(gmacsPerPixel(network));
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
