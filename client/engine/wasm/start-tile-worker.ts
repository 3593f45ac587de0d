import { connect } from '../../bridge.ts';
import { startModuleWorker } from '../../module-worker.ts';
import type { TileComputer } from './pool.ts';
import type { Opening, TileMethods } from './serve-tiles.ts';
// a bundle of its own, with the kernels' caller and nothing else
import workerAddress from './tile-worker.ts?worker&url';

const address = new URL(workerAddress, import.meta.url);

/** A worker that holds the network. Rejects where this page may start none. */
export async function startTileWorker(opening: Opening): Promise<TileComputer> {
  const link = connect<TileMethods>(await startModuleWorker(address, 'degrain tiles'));
  const close = () => link.close(new DOMException('The engine was disposed.', 'AbortError'));
  try {
    await link.call('open', opening);
  } catch (failure) {
    close();
    throw failure;
  }
  return { run: (input, height, width) => link.call('run', { input, height, width }), close };
}

export async function loadTileWorker(): Promise<void> {
  await (await fetch(address, { credentials: 'same-origin' })).arrayBuffer();
}
