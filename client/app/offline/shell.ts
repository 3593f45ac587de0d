import { PrecacheController } from 'workbox-precaching/PrecacheController.js';

/** By scripts/service-worker.ts: hashed names are their own revision (null). Relative to this worker. */
declare const SHELL_FILES: { url: string; revision: string | null }[];

const CURRENT = 'degrain-app-shell';
const PREVIOUS = 'degrain-app-shell-previous';
const ASSETS = new URL('assets/', self.location.href).href;

type Extendable = Parameters<PrecacheController['install']>[0];

/** The app's files, of this version and of the one before: a page that is still open may load its parts late. */
export class Shell {
  readonly #files = new PrecacheController({ cacheName: CURRENT });

  constructor() {
    this.#files.addToCacheList(SHELL_FILES);
  }

  async install(event: unknown): Promise<void> {
    await this.#files.install(event as Extendable);
  }

  async activate(event: unknown): Promise<void> {
    await this.#keepPrevious();
    await this.#files.activate(event as Extendable);
  }

  has(address: string): boolean {
    return this.#files.getCacheKeyForURL(address) !== undefined || address.startsWith(ASSETS);
  }

  /** What is kept never changes; where the browser has dropped it, the edge has it. */
  async answer(request: Request, address: string): Promise<Response> {
    const kept = (await this.#files.matchPrecache(address)) ?? (await caches.match(address, { cacheName: PREVIOUS }));
    return kept ?? fetch(request);
  }

  async #keepPrevious(): Promise<void> {
    const current = await caches.open(CURRENT);
    const wanted = new Set(this.#files.getURLsToCacheKeys().values());
    const old = (await current.keys()).filter(({ url }) => !wanted.has(url));
    if (old.length === 0) return;
    await caches.delete(PREVIOUS);
    const previous = await caches.open(PREVIOUS);
    for (const request of old) {
      const response = await current.match(request);
      if (response) await previous.put(request, response);
    }
  }
}
