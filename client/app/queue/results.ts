import type { DenoiseResult } from '../../contract.ts';
import { remember } from '../history/history.ts';
import { removeFile, writeFile } from '../store/files.ts';
import { type Item, type Settings, sameMix, sameRun } from './item.ts';
import type { Queue } from './queue.ts';
import { typeToSave } from './types.ts';

/** Above this a finished photo's noise, 15 bytes a pixel, is not kept in memory beside the next photo's work. */
const KEEP_BESIDE_PIXELS = 8e6;

export type Result = DenoiseResult<ImageData>;

/** What became of photos: on the disk, and of the one that is looked at in memory too, for its sliders. */
export class Results {
  readonly #queue: Queue;
  #selected: string | undefined;
  #live: { id: string; result: Result } | undefined;
  /** Being written: it is released after that. */
  readonly #writing = new Set<Result>();
  #written: Promise<unknown> = Promise.resolve();

  constructor(queue: Queue) {
    this.#queue = queue;
  }

  /** The photo that is looked at. */
  get selected(): string | undefined {
    return this.#selected;
  }

  select(id: string | undefined): void {
    this.#selected = id;
    if (this.#live?.id !== id) this.drop();
  }

  live(id: string): Result | undefined {
    return this.#live?.id === id ? this.#live.result : undefined;
  }

  /** In memory, if it is looked at, and on the disk. `onKept`: it can be looked at while it is written. */
  async keep(item: Item, result: Result, onKept: () => void): Promise<void> {
    if (item.id === this.#selected) this.#live = { id: item.id, result };
    onKept();
    await this.#write(item, result);
  }

  /** Writes the photo that is looked at with its sliders as they stand; of several calls the last does. */
  async remix(id: string): Promise<void> {
    this.#written = this.#written.then(async () => {
      const result = this.live(id);
      const item = this.#queue.find(id);
      if (!result || !item?.outcome || sameMix(item.settings, item.outcome.settings)) return;
      // what is written is the last mix
      await result.mix(mixOf(item.settings));
      await this.#write(item, result);
    });
    // the next one is not to fail for this one's reason
    const written = this.#written;
    this.#written = written.catch(() => 'told to who asked');
    await written;
  }

  /** Room for the next run: of this photo, or of another. */
  makeRoom(next: string): void {
    if (!this.#live) return;
    const { id, result } = this.#live;
    if (id === next || result.width * result.height > KEEP_BESIDE_PIXELS) this.drop();
  }

  /** Out of memory; the file stays. */
  drop(): void {
    const result = this.#live?.result;
    this.#live = undefined;
    if (result && !this.#writing.has(result)) result.release();
  }

  /** When nothing is being written from memory. */
  async settled(): Promise<void> {
    await this.#written;
  }

  async #write(item: Item, result: Result): Promise<void> {
    this.#writing.add(result);
    try {
      await this.#store(item, result);
    } finally {
      this.#writing.delete(result);
      if (this.#live?.result !== result) result.release();
    }
  }

  async #store({ id, settings, type: came }: Item, result: Result): Promise<void> {
    const { type, quality } = typeToSave(came);
    // Safari reads WebP and does not write it; PNG is always written
    const blob = await result.blob(type, quality).catch(() => result.blob('image/png'));
    await writeFile('results', id, blob);
    const { engine, sigma, timings, width, height } = result;
    const outcome = { engine, sigma, milliseconds: timings.total, type: blob.type, bytes: blob.size, settings };
    const stored = await this.#queue.update(id, (now) => ({
      ...{ outcome, size: { width, height }, begun: 0, saved: false },
      state: sameRun(now.settings, settings) ? 'done' : 'waiting',
    }));
    if (stored) await remember(stored);
    else await removeFile('results', id);
  }
}

export const mixOf = ({ strength, luma, chroma }: Settings) => ({ strength, luma, chroma });
