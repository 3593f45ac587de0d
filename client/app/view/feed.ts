import { DegrainError } from '../../../models/errors.ts';
import type { Mix } from '../../../models/mix.ts';
import type { DenoiseOptions, DenoiseResult, Denoiser, InputImage } from '../../index.ts';
import { type Item, sameMix } from '../queue/item.ts';
import { errorOf, LOST } from '../queue/problems.ts';
import type { Queue } from '../queue/queue.ts';
import type { Results } from '../queue/results.ts';
import type { Runner } from '../queue/runner.ts';
import { openStored } from './stored.ts';

type Result = DenoiseResult<ImageData>;

/**
 * What the element on the page takes for its denoiser. It runs nothing itself: it joins what the queue does with the
 * photo that is shown, and leaves it alone when another photo is shown.
 */
export class Feed implements Denoiser {
  readonly #queue: Queue;
  readonly #runner: Runner;
  readonly #results: Results;
  readonly #ids = new WeakMap<Blob, string>();

  constructor(queue: Queue, runner: Runner, results: Results) {
    this.#queue = queue;
    this.#runner = runner;
    this.#results = results;
  }

  /** This blob is that photo's file. */
  name(file: Blob, id: string): void {
    this.#ids.set(file, id);
  }

  async denoise<Input extends InputImage>(image: Input, options: DenoiseOptions = {}) {
    const id = image instanceof Blob ? this.#ids.get(image) : undefined;
    if (!id) throw gone();
    const { onProgress, onTile } = options;
    const leave = this.#runner.watch((event) => {
      if (event.id !== id) return;
      if ('tile' in event) onTile?.(event.tile);
      else onProgress?.(event.progress);
    });
    try {
      const item = await this.#finished(id, options.signal);
      const result = await this.#resultOf(item);
      return result as never;
    } finally {
      leave();
    }
  }

  preflight(): never {
    throw gone();
  }

  explain(): never {
    throw gone();
  }

  /** The queue's denoiser is not the element's to end. */
  dispose(): void {}

  #finished(id: string, signal: AbortSignal | undefined): Promise<Item> {
    return new Promise((resolve, reject) => {
      const done = new AbortController();
      const look = () => {
        const item = this.#queue.find(id);
        if (!item) end(() => reject(gone()));
        else if (this.#results.live(id) || item.state === 'done') end(() => resolve(item));
        else if (item.state === 'failed' && this.#runner.running !== id)
          end(() => reject(errorOf(item.problem ?? LOST)));
      };
      const end = (how: () => void) => {
        done.abort();
        how();
      };
      for (const target of [this.#queue, this.#runner]) target.addEventListener('change', look, done);
      signal?.addEventListener('abort', () => end(() => reject(signal.reason)), done);
      look();
    });
  }

  async #resultOf(item: Item): Promise<Result> {
    const { id } = item;
    const live = this.#results.live(id);
    const of = live ?? (await openStored(item));
    // what lies on the disk is mixed already: for another mix the network has to run again
    const real = () => this.#runner.ask(id);
    const first: Mix = live ? item.settings : (item.outcome?.settings ?? item.settings);
    let last = first;
    return {
      ...of,
      mix: async (mix) => {
        last = { ...last, ...mix };
        return sameMix(last, first) ? of.image : (await real()).mix(last);
      },
      residual: async (rows) => (await real()).residual(rows),
      blob: async (type, quality) => (await real()).blob(type, quality),
      // the queue keeps it as long as it is good for something
      release: () => undefined,
    };
  }
}

function gone(): DegrainError {
  const remedy = 'Choose another photo.';
  return new DegrainError('bad-request', { expected: 'a photo of the queue', received: 'one that is gone', remedy });
}
