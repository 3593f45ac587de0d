import { parentPort, workerData } from 'node:worker_threads';
import { openCodec } from '../worker/jpeg/codec-in-node.ts';
import { judge } from './judge.ts';
import { makeInput } from './mutate.ts';
import { seeds } from './seeds.ts';

/** What watch.ts gives a thread to do. */
export interface Work {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** The number of the input at hand, for the watchdog, who sees it also while this thread is stuck. */
  readonly at: SharedArrayBuffer;
}

const { seed, from, to, at } = workerData as Work;
const now = new Int32Array(at);
const corpus = seeds();
const codec = openCodec();
for (let index = from; index < to; index++) {
  Atomics.store(now, 0, index);
  const input = makeInput(corpus, seed, index);
  const started = performance.now();
  const verdict = await judge(input, codec);
  parentPort?.postMessage({ index, format: input.format, ...verdict, milliseconds: performance.now() - started });
}
