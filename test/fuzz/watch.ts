import { Worker } from 'node:worker_threads';
import { OUTCOMES, type Outcome } from './judge.ts';
import type { Format } from './seeds.ts';
import type { Judged, Work } from './thread.ts';

/** ms that one input may take; the watchdog waits for longer, as other things run on the machine. */
export const MAX_MILLISECONDS = 1000;
const HUNG_MILLISECONDS = 20_000;
const WATCH_MILLISECONDS = 250;

/** MB of JavaScript's heap: an input that needs more ends its thread. */
const MAX_HEAP_MB = 100;

/** Bytes that one input, or the edge after many, may have used. */
export const MAX_BYTES = 100e6;

export interface Report {
  readonly seed: number;
  inputs: number;
  readonly counts: Record<Format, Record<Outcome, number>>;
  /** The numbers of inputs, with what went wrong. */
  readonly faults: { index: number; said: string }[];
  /** Inputs that never came to an end, or ended their thread. */
  readonly hangs: number[];
  /** Inputs that took more than `MAX_MILLISECONDS`, also when tried again. */
  readonly slow: { index: number; milliseconds: number }[];
  /** ms, of the slowest that was not. */
  longest: number;
  /** Bytes that an input used at most. */
  bytes: number;
}

const none = () => Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;

export interface RunOptions {
  readonly seed: number;
  readonly count: number;
  readonly onProgress?: (report: Report) => void;
}

/** Judges inputs in a thread that can be ended, one after the other. */
export async function fuzz({ seed, count, onProgress }: RunOptions): Promise<Report> {
  const counts = { png: none(), jpeg: none() };
  const report: Report = { seed, inputs: 0, counts, faults: [], hangs: [], slow: [], longest: 0, bytes: 0 };
  const suspects: number[] = [];
  const take = ({ index, format, outcome, said, milliseconds, bytes }: Judged) => {
    report.inputs++;
    report.counts[format][outcome]++;
    if (outcome === 'fault') report.faults.push({ index, said: said ?? '' });
    if (milliseconds > MAX_MILLISECONDS) suspects.push(index);
    else report.longest = Math.max(report.longest, milliseconds);
    if (bytes > MAX_BYTES) report.faults.push({ index, said: `${bytes} bytes` });
    report.bytes = Math.max(report.bytes, bytes);
    if (report.inputs % 1000 === 0) onProgress?.(report);
  };
  for (let from = 0; from < count; ) {
    const stuck = await runThread({ seed, from, to: count }, take);
    if (stuck === undefined) break;
    report.hangs.push(stuck);
    from = stuck + 1;
  }
  // the machine may have been busy with something else: slow is what is slow again
  for (const index of suspects) {
    const repeated: Judged[] = [];
    await runThread({ seed, from: index, to: index + 1 }, (message) => repeated.push(message));
    const milliseconds = repeated[0]?.milliseconds ?? Number.POSITIVE_INFINITY;
    if (milliseconds > MAX_MILLISECONDS) report.slow.push({ index, milliseconds });
  }
  return report;
}

/** Resolves to the input that the thread got stuck at or died of, if it did. */
function runThread(work: Omit<Work, 'at'>, take: (message: Judged) => void): Promise<number | undefined> {
  const at = new SharedArrayBuffer(4);
  const now = new Int32Array(at).fill(-1);
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL('./thread.ts', import.meta.url), {
      workerData: { ...work, at } satisfies Work,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    });
    let seen = -1;
    let since = performance.now();
    const watchdog = setInterval(() => {
      const index = Atomics.load(now, 0);
      if (index !== seen) {
        seen = index;
        since = performance.now();
      } else if (performance.now() - since > HUNG_MILLISECONDS) void thread.terminate();
    }, WATCH_MILLISECONDS);
    thread.on('message', take);
    let failure: unknown;
    thread.on('error', (error) => {
      failure = error;
    });
    thread.on('exit', (code) => {
      clearInterval(watchdog);
      const index = Atomics.load(now, 0);
      if (code !== 0 && index < 0) reject(failure);
      else resolve(code === 0 ? undefined : index);
    });
  });
}
