import type { NetworkCard } from '../../models/card.ts';
import type { ModelFiles, TileEngine } from '../../models/engine.ts';
import type { GoldenCase } from '../golden.ts';
import { openKernels } from './wasm/engine.ts';
import { loadTileWorker, startTileWorker } from './wasm/start-tile-worker.ts';

/** Our kernels for what layers/compile.ts knows; for other graphs, and should they fail their self-test, TF.js's. */
export async function openWasm(
  files: ModelFiles,
  golden: () => Promise<readonly GoldenCase[]> = async () => [],
): Promise<TileEngine> {
  try {
    return await openKernels(files, golden, startTileWorker);
  } catch (reason) {
    console.debug('degrain: no WebAssembly kernels of our own for this, so TF.js’s', reason);
  }
  const { openTfjsWasm } = await import('./tfjs-wasm.ts');
  return openTfjsWasm(files);
}

/** Everything that `openWasm` fetches for such a model; by then it is in the browser's cache. */
export async function loadWasm(card: NetworkCard): Promise<void> {
  const tfjs = async () => (await import('./tfjs-wasm.ts')).loadBinary();
  // of networks, only their graph tells what computes them
  if (card.family !== 'autoencoder') await loadTileWorker();
  if (card.family !== 'tier') await tfjs();
}
