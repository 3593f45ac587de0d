import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Problem } from '../../worker/http/problem.ts';
import type { DenoisedFile } from '../../worker/image/denoise-file.ts';
import type { Denoiser } from '../../worker/image/denoise-in-turn.ts';
import type { Job, Outcome } from './messages.ts';

/** ms, and ms per pixel: far more than any image takes. A thread that takes longer hangs, and is ended. */
const LONGEST = 60_000;
const LONGEST_PER_PIXEL = 0.1;

/**
 * Denoises in a thread of its own, so that the one that answers goes on answering. Whatever ends the thread, memory that
 * runs out too, fails one image: the next one gets a new thread.
 */
export class ThreadDenoiser implements Denoiser {
  readonly #files: string;
  #thread: Worker | undefined;

  /** `files`: the folder that has /models/. */
  constructor(files: string) {
    this.#files = files;
  }

  async denoiseFile(...[card, received, answers, options]: Parameters<Denoiser['denoiseFile']>): Promise<DenoisedFile> {
    const outcome = await this.#run({ card, received, answers, options });
    if ('done' in outcome) return outcome.done;
    throw new Problem(outcome.code, outcome.parts, outcome.cause);
  }

  async close(): Promise<void> {
    await this.#thread?.terminate();
  }

  /** One at a time: whoever calls sees to that. */
  async #run(job: Job): Promise<Outcome> {
    const thread = this.#thread ?? this.#start();
    thread.postMessage(job);
    const ended = new AbortController();
    const { width, height } = job.received;
    const longest = LONGEST + width * height * LONGEST_PER_PIXEL;
    const timer = setTimeout(() => void thread.terminate(), longest);
    try {
      const { signal } = ended;
      return await Promise.race([
        once(thread, 'message', { signal }).then(([outcome]) => outcome as Outcome),
        once(thread, 'exit', { signal }).then(() => Promise.reject(new Error('the denoising thread ended'))),
      ]);
    } finally {
      clearTimeout(timer);
      ended.abort();
    }
  }

  #start(): Worker {
    const thread = new Worker(new URL('thread.ts', import.meta.url), { workerData: this.#files });
    thread.on('error', (failure) => console.error('denoiser', failure));
    thread.once('exit', () => {
      if (this.#thread === thread) this.#thread = undefined;
    });
    thread.unref();
    this.#thread = thread;
    return thread;
  }
}
