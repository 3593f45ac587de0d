import { DegrainError } from '../models/errors.ts';
import type { Scope, WorkerPort } from './bridge.ts';
// The worker is a bundle of its own; with `?url` its address is known, also where the page is of another origin.
import workerAddress from './worker.ts?worker&url';

/** A worker that has spoken; or, where this page may start none, the same on the page's own thread. */
export async function startWorker(): Promise<WorkerPort> {
  const address = new URL(workerAddress, import.meta.url);
  try {
    return await started(address);
  } catch (reason) {
    console.debug(
      'degrain: no worker here, so the page’s own thread does its work, tile by tile. `worker-src blob:` would allow one.',
      reason,
    );
    return startHere(address);
  }
}

/**
 * The module worker that lies beside this script. A browser starts workers of its own origin only, so for a script that
 * was embedded from elsewhere the worker is a line of the page's that imports the real one (which CORS allows).
 *
 * A policy without `worker-src blob:` refuses that line: Chromium and Firefox by an `error` event, older Safari by an
 * exception. So does a browser without module workers. A worker that runs says so with its first message, so that one of
 * the two always comes.
 */
function started(address: URL): Promise<WorkerPort> {
  const options = { type: 'module', name: 'degrain' } as const;
  const isOurs = address.origin === self.location.origin;
  const line = new Blob([`import ${JSON.stringify(address.href)};`], { type: 'text/javascript' });
  const local = isOurs ? address.href : URL.createObjectURL(line);
  return new Promise<WorkerPort>((resolve, reject) => {
    const worker = new Worker(local, options);
    worker.onmessage = () => resolve(worker);
    worker.onerror = (event) => {
      event.preventDefault();
      worker.terminate();
      reject(event.message || 'refused, or not found');
    };
  }).finally(() => {
    // not before: the worker fetches the line soon after it was made, not at once
    if (!isOurs) URL.revokeObjectURL(local);
  });
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
