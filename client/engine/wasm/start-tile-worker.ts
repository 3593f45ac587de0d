import { DegrainError } from '../../../models/errors.ts';
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
  // pages without a secure context have no locks
  const lock = 'locks' in navigator ? `degrain tiles ${crypto.randomUUID()}` : undefined;
  try {
    await link.call('open', { ...opening, lock });
  } catch (failure) {
    close();
    throw failure;
  }
  if (lock !== undefined) {
    // ours as soon as the worker is gone, for whatever reason
    navigator.locks.request(lock, () => link.close(gone())).catch(() => link.close(gone()));
  }
  return {
    run: (input, height, width) => link.call('run', { input, height, width }),
    close,
    get closed() {
      return link.closed;
    },
  };
}

function gone(): DegrainError {
  return new DegrainError('engine-failed', {
    expected: 'the worker to keep running',
    received: 'its end',
    remedy: 'Try again; the next call starts a new worker.',
  });
}

export async function loadTileWorker(): Promise<void> {
  await (await fetch(address, { credentials: 'same-origin' })).arrayBuffer();
}
