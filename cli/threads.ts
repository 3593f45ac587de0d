import { Worker } from 'node:worker_threads';
import { connect, type WorkerPort } from '../client/bridge.ts';
import type { TileComputer } from '../client/engine/wasm/pool.ts';
import type { Opening, TileMethods } from '../client/engine/wasm/serve-tiles.ts';

/** As client/engine/wasm/start-tile-worker.ts does it, with a thread of Node. */
export async function startThread(
  opening: Opening,
  script = new URL('./tile-thread.ts', import.meta.url),
): Promise<{ computer: TileComputer; thread: Worker }> {
  const thread = new Worker(script);
  const port: WorkerPort = {
    postMessage: (message: unknown) => thread.postMessage(message),
    terminate: () => void thread.terminate(),
    onmessage: null,
    onmessageerror: null,
    onerror: null,
  };
  thread.on('message', (data) => port.onmessage?.({ data } as MessageEvent));
  thread.on('error', ({ message }: Error) =>
    port.onerror?.({ message, preventDefault: () => undefined } as unknown as ErrorEvent),
  );
  const link = connect<TileMethods>(port);
  await link.call('open', opening);
  const computer: TileComputer = {
    run: (input, height, width) => link.call('run', { input, height, width }),
    close: () => link.close(new Error('closed')),
    get closed() {
      return link.closed;
    },
  };
  return { computer, thread };
}
