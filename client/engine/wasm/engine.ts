import type { ModelFiles, TileEngine } from '../../../models/engine.ts';
import { DegrainError } from '../../../models/errors.ts';
import type { GoldenCase } from '../../golden.ts';
import { compile } from '../layers/compile.ts';
import { assertFits } from '../layers/fits.ts';
import type { Network } from '../layers/network.ts';
import { selfTest } from '../self-test.ts';
import { compileKernels } from './kernels.ts';
import { Machine } from './machine.ts';
import { weightBytes } from './pack.ts';
import { Pool, type TileComputer } from './pool.ts';
import type { Opening } from './serve-tiles.ts';

/** Each holds its own weights and window, 60 to 80 MB for small networks: eight of them are half a phone's tab. */
const MOST_WORKERS = 8;
/** Of all workers together, and of the window of one: bytes. */
const MOST_BYTES = 768e6;
const WINDOW_BYTES = 64e6;

/** Windows to compute at a time: one is left to the page where there are more than two. */
export const workersFor = (cores: number): number => Math.max(Math.min(cores, 2), Math.min(cores - 1, MOST_WORKERS));

/** Workers that memory suffices for: the weights lie in it as the kernels multiply them, four times as many numbers. */
export const workersIn = (network: Network): number =>
  Math.max(1, Math.floor(MOST_BYTES / (weightBytes(network) + WINDOW_BYTES)));

/**
 * The network in WebAssembly kernels of our own, for what layers/compile.ts knows: tiles side by side in workers, each
 * with a memory of its own, so that pages need not be cross-origin isolated. Where none starts, on this thread.
 *
 * @throws DegrainError `engine-unavailable` for a graph of other operations and where the golden windows come out wrong,
 * and what WebAssembly throws where a page's policy forbids it.
 */
export async function openKernels(
  files: ModelFiles,
  golden: () => Promise<readonly GoldenCase[]>,
  startWorker: (opening: Opening) => Promise<TileComputer>,
  workers = workersFor(navigator.hardwareConcurrency || 1),
): Promise<TileEngine> {
  const network = compile(files);
  const [module, cases] = await Promise.all([compileKernels(), golden()]);
  const opening = { module, network };
  const pool = await openPool(() => startWorker(opening), Math.min(workers, workersIn(network)), opening);
  const engine: TileEngine = {
    name: 'wasm',
    inFlight: pool.most,
    async run(input, height, width) {
      assertFits(input, height, width, network);
      try {
        return await pool.run(input, height, width);
      } catch (cause) {
        throw failed(height, width, cause);
      }
    },
    dispose: () => pool.dispose(),
  };
  try {
    await selfTest(engine, cases);
  } catch (failure) {
    engine.dispose();
    throw failure;
  }
  return engine;
}

async function openPool(start: () => Promise<TileComputer>, workers: number, opening: Opening): Promise<Pool> {
  try {
    return new Pool(start, workers, await start());
  } catch (reason) {
    console.debug('degrain: no workers for tiles here, so one at a time', reason);
    const here = async () => computeHere(opening);
    return new Pool(here, 1, await here());
  }
}

function computeHere({ module, network }: Opening): TileComputer {
  const machine = new Machine(module, network);
  return { run: async (input, height, width) => machine.run(input, height, width), close() {}, closed: false };
}

function failed(height: number, width: number, cause: unknown): DegrainError {
  return new DegrainError(
    'engine-failed',
    {
      expected: `a window of ${width} x ${height} px to be computed`,
      received: cause instanceof DegrainError ? cause.received : String(cause),
      remedy: 'Smaller tiles are tried; closing other tabs frees memory.',
    },
    cause,
  );
}
