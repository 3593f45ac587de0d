import { DegrainError } from '../../../models/errors.ts';
import type { GoldenCase } from '../../golden.ts';
import type { Network } from '../layers/network.ts';
import { largestDifference, SELF_TEST_TOLERANCE, selfTest } from '../self-test.ts';
import type { DeviceWatch } from '../watch-device.ts';
import type { Build } from './kernel.ts';
import { buildProgram, type Program } from './program.ts';
import { runWindow } from './run.ts';
import { createTile, type Tile } from './tile.ts';
import type { Idleness } from './tune.ts';

/** px: some drivers err in large tensors only (cubek #519: from 32,768 cells on). */
const LARGE_SIDE = 256;
/** Of float16 from float32, at the worst of many pixels. Drivers that err are off by far more. */
const LARGE_TOLERANCE = 4 * SELF_TEST_TOLERANCE;

/**
 * Programs that compile, reproduce the golden windows, and compute large windows as the first does. The first of the
 * builds is the first of them.
 *
 * @throws what is wrong with the first, or with the device
 */
export async function rightPrograms(
  device: GPUDevice,
  watch: DeviceWatch,
  network: Network,
  builds: readonly Build[],
  golden: readonly GoldenCase[],
  idleness: Idleness,
): Promise<Program[]> {
  const compiling = builds.map((build) => {
    // its complaints are its own: outside of a scope they would count against whatever runs meanwhile
    device.pushErrorScope('validation');
    const program = buildProgram(device, network, build);
    return Promise.all([program, device.popErrorScope()]).then(([built]) => built);
  });
  const large = golden[0] && repeated(golden[0], network.imageChannels);
  let expected: Float32Array | undefined;
  const right: Program[] = [];
  for (const [order, compiled] of (await Promise.allSettled(compiling)).entries()) {
    await idleness.wait();
    try {
      if (compiled.status === 'rejected') throw compiled.reason;
      const engine = windowEngine(device, watch, compiled.value);
      await selfTest(engine, golden);
      const answer = large && (await engine.run(large, LARGE_SIDE, LARGE_SIDE));
      expected ??= answer;
      if (answer && expected) assertSame(answer, expected);
      right.push(compiled.value);
    } catch (failure) {
      if (order === 0 || watch.isLost()) throw failure;
      console.debug('degrain: kernels that are out', failure);
    }
  }
  return right;
}

/** The window side by side, as a large one. */
function repeated({ input, height, width }: GoldenCase, channels: number): Float32Array {
  const large = new Float32Array(LARGE_SIDE ** 2 * channels);
  for (let y = 0, to = 0; y < LARGE_SIDE; y++) {
    for (let x = 0; x < LARGE_SIDE; x++, to += channels) {
      const from = ((y % height) * width + (x % width)) * channels;
      large.set(input.subarray(from, from + channels), to);
    }
  }
  return large;
}

function assertSame(answer: Float32Array, expected: Float32Array): void {
  const difference = largestDifference(answer, expected);
  if (difference <= LARGE_TOLERANCE) return;
  throw new DegrainError('engine-unavailable', {
    expected: `large windows within ${LARGE_TOLERANCE.toFixed(4)} of what the default kernels make of them`,
    received: `a difference of ${difference.toPrecision(3)}`,
    remedy: 'The default kernels are used.',
  });
}

/** No more than the self-test asks. */
const windowEngine = (device: GPUDevice, watch: DeviceWatch, program: Program) => ({
  name: 'wgsl',
  run: (input: Float32Array, height: number, width: number) =>
    onTile(device, watch, program, [height, width], async (tile) =>
      new Float32Array((await runWindow(device, tile, input)).bytes).slice(),
    ),
  dispose() {},
});

/** One at a time: large ones take much memory. Where there is none, or work is refused, it throws. */
export async function onTile<Result>(
  device: GPUDevice,
  watch: DeviceWatch,
  program: Program,
  [height, width]: readonly [number, number],
  use: (tile: Tile) => Promise<Result>,
): Promise<Result> {
  let tile: Tile | undefined;
  try {
    return await watch.guard(() => {
      tile = createTile(device, program, height, width);
      return use(tile);
    });
  } finally {
    tile?.destroy();
  }
}
