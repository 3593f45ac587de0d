import { parentPort } from 'node:worker_threads';
import type { Scope } from '../client/bridge.ts';
import { serveTiles } from '../client/engine/wasm/serve-tiles.ts';

// A thread of Node in the place of the browser's worker: messages and what ends it are the same.

const port = parentPort as NonNullable<typeof parentPort>;
const scope: Scope = {
  onmessage: null,
  postMessage: (message, { transfer }) => port.postMessage(message, transfer as never),
};
serveTiles(scope);
port.on('message', (data) => scope.onmessage?.({ data } as MessageEvent));
