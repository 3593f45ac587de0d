// The worker is a bundle of its own; with `?url` its address is known, also where the page is of another origin.
import workerAddress from './worker.ts?worker&url';

/**
 * Starts the module worker that lies beside this script. A browser starts workers of its own origin only, so for a
 * script that was embedded from elsewhere the worker is a line of the page's that imports the real one (which CORS
 * allows).
 */
export function startWorker(): Worker {
  const address = new URL(workerAddress, import.meta.url);
  const options = { type: 'module', name: 'degrain' } as const;
  if (address.origin === self.location.origin) return new Worker(address, options);
  const line = new Blob([`import ${JSON.stringify(address.href)};`], { type: 'text/javascript' });
  const local = URL.createObjectURL(line);
  const worker = new Worker(local, options);
  // The worker fetches the line soon after, not now: the address must live until it has spoken, or failed.
  const forget = () => URL.revokeObjectURL(local);
  worker.addEventListener('message', forget, { once: true });
  worker.addEventListener('error', forget, { once: true });
  return worker;
}
