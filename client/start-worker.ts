import { DegrainError } from '../models/errors.ts';
import type { Scope, WorkerPort } from './bridge.ts';
import { startModuleWorker } from './module-worker.ts';
// The worker is a bundle of its own; with `?url` its address is known, also where the page is of another origin.
import workerAddress from './worker.ts?worker&url';

/** A worker that has spoken; or, where this page may start none, the same on the page's own thread. */
export async function startWorker(): Promise<WorkerPort> {
  const address = new URL(workerAddress, import.meta.url);
  try {
    return await startModuleWorker(address, 'degrain');
  } catch (reason) {
    console.debug(
      'degrain: no worker here, so the page’s own thread does its work, tile by tile. `worker-src blob:` would allow one.',
      reason,
    );
    return startHere(address);
  }
}

/** The worker's bundle in the page, at the other end of a channel that copies and moves as a worker's does. */
async function startHere(address: URL): Promise<WorkerPort> {
  const { port1, port2 } = new MessageChannel();
  const session = (await load(address)).serveSession(port2);
  return Object.assign(port1, {
    terminate() {
      session.close();
      port1.close();
    },
  });
}

type Serving = { serveSession(scope: Scope): { close(): void } };

async function load(address: URL): Promise<Serving> {
  // browsers remember that a module did not come, and ask no second time: but they do at another address
  const again = new URL(address);
  again.searchParams.set('again', String(Date.now()));
  try {
    return await importFrom(address).catch(() => importFrom(again));
  } catch (cause) {
    const expected = `a script from ${address.origin}`;
    const remedy =
      'Check the connection, and that a Content-Security-Policy of the page has this origin in `script-src`.';
    throw new DegrainError('network', { expected, received: String(cause), remedy }, cause);
  }
}

/** Bundlers must leave it alone. */
const importFrom = ({ href }: URL): Promise<Serving> => import(/* webpackIgnore: true */ /* @vite-ignore */ href);
