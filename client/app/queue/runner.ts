import type { DenoiseOptions, DenoiseResult, Denoiser, Progress, TileEvent } from '../../contract.ts';
import { remember } from '../history/history.ts';
import { readFile, removeFile, writeFile } from '../store/files.ts';
import { type Item, type Settings, sameMix, sameRun } from './item.ts';
import { ENDED, LOST, problemOf } from './problems.ts';
import type { Queue } from './queue.ts';
import { typeToSave } from './types.ts';

/** One tab at a time, for the sake of the device's memory, and so that no photo is worked on twice. */
const WORK = 'degrain-app-work';
/** Runs that begin and don't end before a photo is left alone. */
const MOST_BEGUN = 2;
/** Above this a finished photo's noise, 15 bytes a pixel, is not kept in memory beside the next photo's work. */
const KEEP_BESIDE_PIXELS = 8e6;

type Result = DenoiseResult<ImageData>;
type Watcher = (event: { id: string; progress: Progress } | { id: string; tile: TileEvent }) => void;

interface Asked {
  id: string;
  resolve(result: Result): void;
  reject(reason: unknown): void;
}

/** Works through the queue, photo by photo; a tab in the background goes on, since nothing here waits for frames. */
export class Runner extends EventTarget {
  readonly #queue: Queue;
  readonly #open: (model: string) => Promise<Denoiser>;
  readonly #watchers = new Set<Watcher>();
  #opened: { model: string; denoiser: Promise<Denoiser> } | undefined;
  #running: { id: string; abort: AbortController } | undefined;
  /** The photo that is looked at: its noise stays in memory, for the sliders. */
  #selected: string | undefined;
  #live: { id: string; result: Result } | undefined;
  #asked: Asked[] = [];
  #paused = false;

  constructor(queue: Queue, open: (model: string) => Promise<Denoiser>) {
    super();
    this.#queue = queue;
    this.#open = open;
    // what failed for want of a connection has one now
    addEventListener('online', () => this.#retryNetwork().catch(unexpected));
  }

  get running(): string | undefined {
    return this.#running?.id;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** The running photo is finished first: see stop(). */
  set paused(paused: boolean) {
    this.#paused = paused;
    this.dispatchEvent(new Event('change'));
  }

  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Ends the run of this photo between two tiles, and holds the queue: it would begin with the same photo again. */
  stop(id: string): void {
    if (this.#running?.id !== id) return;
    this.paused = true;
    this.#running.abort.abort(new DOMException('Stopped.', 'AbortError'));
  }

  select(id: string | undefined): void {
    this.#selected = id;
    if (this.#live?.id !== id) this.#dropLive();
    this.dispatchEvent(new Event('change'));
  }

  live(id: string): Result | undefined {
    return this.#live?.id === id ? this.#live.result : undefined;
  }

  /** The result in memory: at once, or after another run, which goes before all that wait. */
  ask(id: string): Promise<Result> {
    const live = this.live(id);
    if (live) return Promise.resolve(live);
    return new Promise((resolve, reject) => {
      this.#asked.push({ id, resolve, reject });
      this.dispatchEvent(new Event('change'));
    });
  }

  /** For as long as the page is open. */
  async work(): Promise<never> {
    for (;;) {
      const next = this.#next();
      if (next) await navigator.locks.request(WORK, () => this.#run(next.id).catch(unexpected));
      else await this.#change();
    }
  }

  /** Writes the file of the last mix anew. */
  async store(id: string, result: Result, { settings, name, type: came }: Item): Promise<Partial<Item>> {
    const { type, quality } = typeToSave(came);
    const blob = await result.blob(type, quality);
    await writeFile('results', id, new File([blob], name, { type }));
    const { engine, sigma, timings } = result;
    const outcome = { engine, sigma, milliseconds: timings.total, type, bytes: blob.size, settings };
    return { outcome, saved: false };
  }

  #next(): Item | undefined {
    const asked = this.#asked.map(({ id }) => this.#queue.find(id)).find((item) => item !== undefined);
    return asked ?? (this.#paused ? undefined : this.#queue.items.find(({ state }) => state === 'waiting'));
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      const done = new AbortController();
      for (const target of [this, this.#queue]) {
        const heard = () => {
          done.abort();
          resolve();
        };
        target.addEventListener('change', heard, { signal: done.signal });
      }
    });
  }

  async #run(id: string): Promise<void> {
    const wanted = (item: Item) => item.state === 'waiting' || this.#asked.some((asked) => asked.id === id);
    // another tab may have done it while this one waited for its turn
    const item = await this.#queue.update(id, (item) => (wanted(item) ? { begun: item.begun + 1 } : {}));
    if (!item || !wanted(item)) return;
    if (item.begun > MOST_BEGUN) {
      await this.#fail(id, ENDED);
      return;
    }
    const abort = new AbortController();
    this.#running = { id, abort };
    this.dispatchEvent(new Event('change'));
    try {
      const file = await readFile('photos', id);
      if (!file) await this.#fail(id, LOST);
      else await this.#finish(id, await this.#denoise(item, file, abort.signal));
    } catch (failure) {
      if (abort.signal.aborted) await this.#queue.update(id, () => ({ begun: 0 }));
      else await this.#fail(id, problemOf(failure));
      this.#settle(id, ({ reject }) => reject(failure));
    } finally {
      this.#running = undefined;
      this.dispatchEvent(new Event('change'));
    }
  }

  async #denoise({ id, name, type, settings }: Item, file: File, signal: AbortSignal): Promise<Result> {
    const { model, ...how } = settings;
    const kept = this.#live;
    if (kept && (kept.id === id || kept.result.width * kept.result.height > KEEP_BESIDE_PIXELS)) this.#dropLive();
    const tell: Watcher = (event) => {
      for (const watcher of this.#watchers) watcher(event);
    };
    const options: DenoiseOptions = {
      ...how,
      signal,
      onProgress: (progress) => tell({ id, progress }),
      // nobody sees the others' tiles
      ...(id === this.#selected && { onTile: (tile) => tell({ id, tile }) }),
    };
    const denoiser = await this.#denoiserOf(model);
    signal.throwIfAborted();
    return denoiser.denoise<Blob>(new File([file], name, { type }), options);
  }

  /** Stores what came out, with the sliders as they stand by now. */
  async #finish(id: string, result: Result): Promise<void> {
    const item = this.#queue.find(id);
    if (item) {
      await result.mix(mixOf(item.settings));
      const { width, height } = result;
      const stored = await this.#queue.update(
        id,
        await this.store(id, result, item).then((parts) => (now: Item) => ({
          ...parts,
          ...{ size: { width, height }, begun: 0, problem: undefined as never },
          state: sameRun(now.settings, item.settings) ? 'done' : 'waiting',
        })),
      );
      if (stored) await remember(stored);
      else await removeFile('results', id);
    }
    if (this.#selected === id) this.#live = { id, result };
    else result.release();
    this.#settle(id, ({ resolve }) => resolve(result));
  }

  async #fail(id: string, problem: Item['problem']): Promise<void> {
    await this.#queue.update(id, () => ({ state: 'failed', begun: 0, ...(problem && { problem }) }));
  }

  #settle(id: string, how: (asked: Asked) => void): void {
    const of = this.#asked.filter((asked) => asked.id === id);
    this.#asked = this.#asked.filter((asked) => asked.id !== id);
    for (const asked of of) how(asked);
  }

  #dropLive(): void {
    this.#live?.result.release();
    this.#live = undefined;
  }

  /** One at a time: each holds a model and an engine. */
  async #denoiserOf(model: string): Promise<Denoiser> {
    if (this.#opened?.model !== model) {
      this.#dropLive();
      const before = this.#opened?.denoiser;
      this.#opened = { model, denoiser: this.#open(model) };
      (await before?.catch(() => undefined))?.dispose();
    }
    const { denoiser } = this.#opened;
    denoiser.catch(() => {
      this.#opened = undefined;
    });
    return denoiser;
  }

  async #retryNetwork(): Promise<void> {
    for (const { id, state, problem } of this.#queue.items) {
      if (state === 'failed' && problem?.code === 'network') await this.#queue.update(id, () => ({ state: 'waiting' }));
    }
  }
}

const mixOf = ({ strength, luma, chroma }: Settings) => ({ strength, luma, chroma });

const unexpected = (reason: unknown) => console.error('degrain: the queue', reason);
