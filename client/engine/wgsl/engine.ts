import type { ModelFiles } from '../../../models/engine.ts';
import { DegrainError } from '../../../models/errors.ts';
import type { GoldenCase } from '../../golden.ts';
import { selfTest } from '../self-test.ts';
import { type GpuEngine, watchDevice } from '../watch-device.ts';
import { compile } from './compile.ts';
import { type Arithmetic, rowsFor } from './kernel.ts';
import { buildProgram } from './program.ts';
import { runTile } from './run.ts';
import { createTile, sizeMultiple, type Tile } from './tile.ts';

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
  let tile: Tile | undefined;
  let running: Promise<unknown> = Promise.resolve();
  try {
    const program = await buildProgram(device, network, { arithmetic, rows: rowsFor(adapter.info.vendor) });
    const multiple = sizeMultiple(network.layers);
    const engine: GpuEngine = {
      name: 'wgsl',
      get lost() {
        return watch.isLost();
      },
      run(input, height, width) {
        // one after the other: they share their buffers
        const run = running.then(() =>
          watch.guard(async () => {
            assertFits(input, height, width, network.imageChannels, multiple);
            if (tile?.height !== height || tile.width !== width) {
              tile?.destroy();
              tile = createTile(device, program, height, width);
            }
            return runTile(device, tile, input);
          }),
        );
        running = run.catch(() => {
          // whatever is tried next finds the memory free
          tile?.destroy();
          tile = undefined;
        });
        return run;
      },
      dispose() {
        tile?.destroy();
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

function assertFits(input: Float32Array, height: number, width: number, channels: number, multiple: number): void {
  const whole = height > 0 && width > 0 && height % multiple === 0 && width % multiple === 0;
  if (whole && input.length === height * width * channels) return;
  throw new DegrainError('bad-request', {
    expected: `${channels} channels of sides that are multiples of ${multiple} px`,
    received: `${input.length} values for ${width} x ${height}`,
    remedy: 'Give windows as models/tiles.ts plans them.',
  });
}
