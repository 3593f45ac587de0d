import { parentPort, workerData } from 'node:worker_threads';
import { openCodec } from '../worker/jpeg/codec-in-node.ts';
import { judge, type Verdict } from './judge.ts';
import { makeInput } from './mutate.ts';
import { type Format, seeds } from './seeds.ts';

/** What watch.ts gives a thread to do. */
export interface Work {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** The number of the input at hand, for the watchdog, who sees it also while this thread is stuck. */
  readonly at: SharedArrayBuffer;
}

/** What comes back of each input. */
export interface Judged extends Verdict {
  readonly index: number;
  readonly format: Format;
  readonly milliseconds: number;
  readonly bytes: number;
}

const { seed, from, to, at } = workerData as Work;
const now = new Int32Array(at);
const corpus = seeds();
const codec = openCodec();

/** Bytes of this thread: heap, buffers and wasm. Without a collection in between, what was used in between. */
function used(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

for (let index = from; index < to; index++) {
  Atomics.store(now, 0, index);
  const { format, ...input } = makeInput(corpus, seed, index);
  const before = used();
  const started = performance.now();
  const verdict = await judge({ format, ...input }, codec);
  const milliseconds = performance.now() - started;
  parentPort?.postMessage({ index, format, ...verdict, milliseconds, bytes: used() - before } satisfies Judged);
}
