import type { DenoiseOptions, Denoiser, Progress, Stage, TileEvent } from '../../contract.ts';
import { readFile } from '../store/files.ts';
import { type Item, type Problem, sameMix, sameRun } from './item.ts';
import { ENDED, errorOf, LOST, problemOf } from './problems.ts';
import type { Queue } from './queue.ts';
import { mixOf, type Result, type Results } from './results.ts';

/** One tab at a time, for the sake of the device's memory, and so that no photo is worked on twice. */
export const WORK = 'degrain-app-work';
/** Runs that begin and don't end before a photo is left alone. */
const MOST_BEGUN = 2;
/** Bytes and ms from which on it is asked first. */
const BIG_DOWNLOAD = 8e6;
const LONG_RUN = 60_000;

/** Whether a photo may take that much. */
export interface Question {
  readonly id: string;
  readonly model: string;
  readonly downloadBytes: number;
  readonly milliseconds: number;
}

type Watcher = (event: { id: string; progress: Progress } | { id: string; tile: TileEvent }) => void;

interface Asked {
  id: string;
  resolve(result: Result): void;
  reject(reason: unknown): void;
}

/** Works through the queue, photo by photo; a tab in the background goes on, since nothing here waits for frames. */
export class Runner extends EventTarget {
  readonly #queue: Queue;
  readonly #results: Results;
  readonly #open: (model: string) => Promise<Denoiser>;
  readonly #watchers = new Set<Watcher>();
  #opened: { model: string; denoiser: Promise<Denoiser> } | undefined;
  /** `told` is what somebody who comes later has to know. */
  #running: { id: string; abort: AbortController; told: Map<Stage, Progress> } | undefined;
  #asked: Asked[] = [];
  #paused = false;
  #question: Question | undefined;
  /** Models of which it was agreed to what they take. */
  readonly #agreed = new Set<string>();

  constructor(queue: Queue, results: Results, open: (model: string) => Promise<Denoiser>) {
    super();
    this.#queue = queue;
    this.#results = results;
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

  /** Until it is answered nothing runs, unless its photo is gone or has other settings. */
  get question(): Question | undefined {
    const item = this.#queue.find(this.#question?.id);
    return item && item.settings.model === this.#question?.model ? this.#question : undefined;
  }

  answer(yes: boolean): void {
    const { id = '', model = '' } = this.#question ?? {};
    this.#question = undefined;
    if (yes) this.#agreed.add(model);
    else this.#settle(id, ({ reject }) => reject(stopped()));
    this.paused = !yes;
  }

  /** Hears of the run as it goes on, and first of what has been so far. */
  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    const { id, told } = this.#running ?? {};
    if (id) for (const progress of told?.values() ?? []) watcher({ id, progress });
    return () => this.#watchers.delete(watcher);
  }

  /** Ends the run of this photo between two tiles, and holds the queue: it would begin with the same photo again. */
  stop(id: string): void {
    if (this.#running?.id !== id) return;
    this.paused = true;
    this.leave(id);
  }

  /** What is known of this photo is not wanted any more: it has other settings, or is removed. */
  leave(id: string): void {
    if (this.#running?.id === id) this.#running.abort.abort(stopped());
    if (this.#results.live(id)) this.#results.drop();
    this.#settle(id, ({ reject }) => reject(stopped()));
  }

  /** The photo that is looked at goes before the others. */
  select(id: string | undefined): void {
    this.#results.select(id);
    this.dispatchEvent(new Event('change'));
  }

  /** The result in memory: at once, or after another run, which goes before all that wait. */
  ask(id: string): Promise<Result> {
    const live = this.#results.live(id);
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
      const goesOn = next && (await navigator.locks.request(WORK, () => this.#run(next.id).then(done, unexpected)));
      // what failed for no reason of the photo's would do so again at once
      if (!goesOn) await this.#change();
    }
  }

  /** First what somebody waits for, then what somebody looks at, then the queue in its order. */
  #next(): Item | undefined {
    if (this.question) return undefined;
    const asked = this.#asked.map(({ id }) => this.#queue.find(id)).find((item) => item !== undefined);
    if (asked || this.#paused) return asked;
    const waiting = this.#queue.items.filter(({ state }) => state === 'waiting');
    return waiting.find(({ id }) => id === this.#results.selected) ?? waiting[0];
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
    this.#running = { id, abort, told: new Map() };
    this.dispatchEvent(new Event('change'));
    try {
      if (await this.#asksFirst(item)) {
        await this.#queue.update(id, () => ({ begun: 0 }));
        return;
      }
      const file = await readFile('photos', id);
      if (!file) await this.#fail(id, LOST);
      else await this.#finish(item, await this.#denoise(item, file, abort.signal));
    } catch (failure) {
      const problem = problemOf(failure);
      // with a full disk the others would run for nothing
      if (problem.code === 'storage') this.#paused = true;
      if (abort.signal.aborted) await this.#queue.update(id, () => ({ begun: 0 }));
      else await this.#fail(id, problem);
    } finally {
      this.#running = undefined;
      this.dispatchEvent(new Event('change'));
    }
  }

  /** Before a long download or a long run; nothing else is worth a question. */
  async #asksFirst({ id, settings: { model }, size }: Item): Promise<boolean> {
    if (this.#agreed.has(model) || !size) return false;
    const denoiser = await this.#denoiserOf(model);
    // where even the card does not come, the run has the words for it
    const takes = await denoiser.preflight(size).catch(() => undefined);
    if (!takes) return false;
    const { downloadBytes, milliseconds = 0 } = takes;
    if (downloadBytes <= BIG_DOWNLOAD && milliseconds <= LONG_RUN) return false;
    this.#question = { id, model, downloadBytes, milliseconds };
    return true;
  }

  async #denoise({ id, name, type, settings }: Item, file: File, signal: AbortSignal): Promise<Result> {
    const { model, ...how } = settings;
    this.#results.makeRoom(id);
    const tell: Watcher = (event) => {
      if ('progress' in event) this.#running?.told.set(event.progress.stage, event.progress);
      for (const watcher of this.#watchers) watcher(event);
    };
    const options: DenoiseOptions = {
      ...how,
      signal,
      onProgress: (progress) => tell({ id, progress }),
      // nobody sees the others' tiles
      ...(id === this.#results.selected && { onTile: (tile) => tell({ id, tile }) }),
    };
    const denoiser = await this.#denoiserOf(model);
    signal.throwIfAborted();
    return denoiser.denoise<Blob>(new File([file], name, { type }), options);
  }

  /** Stores what came out, with the sliders as they stand by now. */
  async #finish(ran: Item, result: Result): Promise<void> {
    const { id } = ran;
    const item = this.#queue.find(id);
    if (!item || !sameRun(item.settings, ran.settings)) {
      result.release();
      await this.#queue.update(id, () => ({ begun: 0 }));
      return;
    }
    if (!sameMix(item.settings, ran.settings)) await result.mix(mixOf(item.settings));
    await this.#results.keep(item, result, () => {
      this.#settle(id, ({ resolve }) => resolve(result));
      this.dispatchEvent(new Event('change'));
    });
  }

  async #fail(id: string, problem: Problem): Promise<void> {
    this.#settle(id, ({ reject }) => reject(errorOf(problem)));
    await this.#queue.update(id, () => ({ state: 'failed', begun: 0, problem }));
  }

  #settle(id: string, how: (asked: Asked) => void): void {
    const of = this.#asked.filter((asked) => asked.id === id);
    this.#asked = this.#asked.filter((asked) => asked.id !== id);
    for (const asked of of) how(asked);
  }

  /** One at a time: each holds a model and an engine. */
  async #denoiserOf(model: string): Promise<Denoiser> {
    if (this.#opened?.model !== model) {
      await this.#results.settled();
      this.#results.drop();
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

const stopped = () => new DOMException('Stopped.', 'AbortError');

const done = () => true;

function unexpected(reason: unknown): false {
  console.error('degrain: the queue', reason);
  return false;
}
