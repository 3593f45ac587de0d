import { largestDifference } from '../../client/engine/self-test.ts';
import type { GoldenCase } from '../../client/golden.ts';
import type { Precision } from '../../models/card.ts';
import { uniformNoise } from '../../models/noise/random.ts';
import type { Arm, OtherNetwork, Runner } from './arm.ts';
import type { MemoryCounter } from './memory.ts';
import { fromPlanes, toPlanes } from './planes.ts';

/** An arm at one size. */
export interface Measurement {
  readonly engine: string;
  readonly on: Arm['on'];
  readonly half: boolean;
  readonly threads: number;
  readonly network: OtherNetwork | undefined;
  /** px of either side of the window. */
  readonly side: number;
  /** ms of the first run of this size; for the first size with opening and compiling. */
  readonly first: number;
  /** ms per window of the runs after it. */
  readonly runs: readonly number[];
  readonly peakBytes: number;
  /** From PyTorch's golden windows; of another network there are none. */
  readonly difference: number | undefined;
}

/** An arm that is not there, or failed. */
export interface Refusal {
  readonly engine: string;
  readonly on: Arm['on'];
  readonly reason: string;
}

export interface Found {
  readonly measurements: readonly Measurement[];
  readonly refusals: readonly Refusal[];
}

/** A golden window, with the answers of each form of the weights. */
export interface Golden extends Omit<GoldenCase, 'output'> {
  readonly output: Record<Precision, Float32Array>;
}

export interface Task {
  readonly golden: readonly Golden[];
  readonly precision: Precision;
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** px, by what computes. */
  readonly sides: Record<Arm['on'], readonly number[]>;
  readonly rounds: number;
}

/** A size's rounds end after this, ms, when each engine has run so often. */
const PATIENCE = 20_000;
const LEAST_ROUNDS = 3;

interface Opened {
  readonly arm: Arm;
  readonly runner: Runner;
  readonly opened: number;
}

/**
 * All arms in one process: each alone first, for its start and memory; then in turns, so that what else the machine
 * does falls on all. A run is what a tile takes in the product: from floats to floats, both in the processor's memory.
 */
export async function measure(arms: readonly Arm[], memory: MemoryCounter, task: Task): Promise<Found> {
  const refusals: Refusal[] = [];
  let opened: Opened[] = [];
  for (const arm of arms) {
    memory.owner = arm.name;
    const started = performance.now();
    try {
      const runner = await arm.open();
      opened.push({ arm, runner, opened: performance.now() - started });
    } catch (failure) {
      refusals.push({ engine: arm.name, on: arm.on, reason: reasonOf(failure) });
    }
  }
  const differences = new Map<string, number>();
  const measurements: Measurement[] = [];
  const sides = [...new Set(Object.values(task.sides).flat())].sort((a, b) => a - b);
  for (const side of sides) {
    const rows: Row[] = [];
    for (const each of opened.filter(({ arm }) => task.sides[arm.on].includes(side))) {
      memory.owner = each.arm.name;
      try {
        rows.push(await firstRun(each, side, task));
      } catch (failure) {
        const { name: engine, on } = each.arm;
        refusals.push({ engine, on, reason: `${side} x ${side}: ${reasonOf(failure)}` });
        opened = opened.filter((other) => other !== each);
      }
    }
    const started = performance.now();
    for (let round = 0; round < task.rounds; round++) {
      if (round >= LEAST_ROUNDS && performance.now() - started > PATIENCE) break;
      for (const { arm, runner, input, runs } of rows) {
        memory.owner = arm.name;
        const started = performance.now();
        // as many at a time as in the pipeline
        const windows = Array.from({ length: runner.inFlight ?? 1 }, () => runner.run(input, side, side));
        await Promise.all(windows);
        runs.push((performance.now() - started) / windows.length);
      }
    }
    for (const { arm, first, runs } of rows) {
      const { name: engine, on, half = false, threads = 1, network } = arm;
      const peakBytes = memory.peak(engine);
      measurements.push({ engine, on, half, threads, network, side, first, runs, peakBytes, difference: undefined });
    }
  }
  for (const { arm, runner } of opened) {
    memory.owner = arm.name;
    if (!arm.network) differences.set(arm.name, await fromGolden(arm, runner, task));
    runner.dispose();
  }
  return { measurements: measurements.map((row) => ({ ...row, difference: differences.get(row.engine) })), refusals };
}

interface Row extends Opened {
  readonly input: Float32Array;
  readonly first: number;
  readonly runs: number[];
}

/** With opening, for an arm's first size. */
async function firstRun(each: Opened, side: number, { sides, inputChannels }: Task): Promise<Row> {
  const { arm, runner, opened } = each;
  const channels = arm.network?.inputChannels ?? inputChannels;
  const noise = uniformNoise(side * side * channels, 1);
  const input = runner.layout === 'NCHW' ? toPlanes(noise, channels) : noise;
  const started = performance.now();
  await runner.run(input, side, side);
  const took = performance.now() - started;
  return { ...each, input, first: took + (side === Math.min(...sides[arm.on]) ? opened : 0), runs: [] };
}

async function fromGolden(arm: Arm, runner: Runner, task: Task): Promise<number> {
  let largest = 0;
  for (const { input, output, height, width } of task.golden) {
    const planar = runner.layout === 'NCHW';
    const answer = await runner.run(planar ? toPlanes(input, task.inputChannels) : input, height, width);
    const found = planar ? fromPlanes(answer, task.outputChannels) : answer;
    largest = Math.max(largest, largestDifference(found, output[arm.weights ?? task.precision]));
  }
  return largest;
}

const reasonOf = (failure: unknown) =>
  (failure instanceof Error ? failure.message : String(failure)).split('\n')[0] ?? '';
