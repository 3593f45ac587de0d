import type { GoldenCase } from '../../golden.ts';
import { gmacsPerPixel, type Network } from '../layers/network.ts';
import { watchDevice } from '../watch-device.ts';
import { armsFor } from './arms.ts';
import { type Build, defaultBuild } from './kernel.ts';
import type { Program } from './program.ts';
import { BUDGET, LEAST_ROUNDS, race } from './race.ts';
import { onTile, rightPrograms } from './right-programs.ts';
import { LEAST_MS, timeRuns } from './time-runs.ts';

/** When measuring neither disturbs anybody nor is disturbed. */
export interface Idleness {
  /** @throws when nothing is to be measured any more. */
  wait(): Promise<void>;
  /** Another number after every piece of work: between two that are the same, there was none. */
  readonly turn: number;
}

/** px of a side: the largest that takes no longer than RUN_MS, because large GPUs idle on small tiles. */
const SIDES = [1024, 512, 256] as const;
const RUN_MS = 20;
/** Where a picture comes in between, as often is it measured again. */
const ATTEMPTS = 3;

/**
 * The build that runs the network fastest on this GPU, of those whose golden windows come out right. On a device of its
 * own: what goes wrong there leaves the engine that is in use alone.
 *
 * @param rate 1e9 multiply-accumulates a second, of the default
 * @throws where nothing can be said: no device, one that is lost, a default that computes wrongly
 */
export async function tune(
  adapter: GPUAdapter,
  network: Network,
  golden: readonly GoldenCase[],
  rate: number,
  idleness: Idleness,
  time = timeRuns,
): Promise<Build> {
  const { vendor } = adapter.info;
  const device = await requestDevice(adapter);
  try {
    const watch = watchDevice(device);
    const runMs = (side: number) => (gmacsPerPixel(network) * side ** 2 * 1000) / rate;
    const side = SIDES.find((side) => runMs(side) <= RUN_MS) ?? 256;
    // each is run once before it is timed
    const affordable = Math.floor(BUDGET / (LEAST_ROUNDS * (runMs(side) + Math.max(runMs(side), LEAST_MS))));
    const builds = armsFor(vendor, device.features.has('shader-f16')).slice(0, affordable);
    const [standard, ...others] = await rightPrograms(device, watch, network, builds, golden, idleness);
    if (!standard || others.length === 0) return defaultBuild(vendor);
    let spent = 0;
    const measure = async (program: Program): Promise<number> => {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        await idleness.wait();
        const { turn } = idleness;
        const started = performance.now();
        const ms = await onTile(device, watch, program, [side, side], (tile) => time(device, tile.dispatches));
        spent += performance.now() - started;
        if (idleness.turn === turn) return ms;
      }
      throw new Error('the GPU had other work');
    };
    return (await race([standard, ...others], measure, () => spent)).build;
  } finally {
    device.destroy();
  }
}

/** With float16 and a clock where the adapter says that it has them, which is not always true. */
async function requestDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const requiredFeatures = (['shader-f16', 'timestamp-query'] as const).filter((name) => adapter.features.has(name));
  return adapter.requestDevice({ requiredFeatures }).catch(() => adapter.requestDevice());
}
