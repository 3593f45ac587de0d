/**
 * Resolves to a module worker of ours that has spoken. A browser starts workers of its own origin only, so for a script that
 * was embedded from elsewhere the worker is a line of the page's that imports the real one (which CORS allows).
 *
 * A policy without `worker-src blob:` refuses that line: Chromium and Firefox by an `error` event, older Safari by an
 * exception. So does a browser without module workers. A worker that runs says so with its first message, so that one of
 * the two always comes.
 */
export function startModuleWorker(address: URL, name: string): Promise<Worker> {
  const options = { type: 'module', name } as const;
  const isOurs = address.origin === self.location.origin;
  const line = new Blob([`import ${JSON.stringify(address.href)};`], { type: 'text/javascript' });
  const local = isOurs ? address.href : URL.createObjectURL(line);
  return new Promise<Worker>((resolve, reject) => {
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
