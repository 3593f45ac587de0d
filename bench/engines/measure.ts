import { largestDifference } from '../../client/engine/self-test.ts';
import type { GoldenCase } from '../../client/golden.ts';
import type { TileEngine } from '../../models/engine.ts';
import { uniformNoise } from '../../models/noise/random.ts';
import type { MemoryCounter } from './memory.ts';

/** An engine to be opened. */
export interface Arm {
  readonly name: string;
  open(): Promise<TileEngine>;
}

export interface Measurement {
  readonly engine: string;
  /** px of either side of the window. */
  readonly side: number;
  /** ms of the first run of this size; for the first size with opening and compiling. */
  readonly first: number;
  /** ms of the runs after it. */
  readonly runs: readonly number[];
  readonly peakBytes: number;
  /** From PyTorch's golden windows. */
  readonly difference: number;
}

export interface Task {
  readonly golden: readonly GoldenCase[];
  readonly inputChannels: number;
  readonly sides: readonly number[];
  readonly rounds: number;
}

/**
 * All engines in one process: each alone first, for its start and memory; then in turns, so that what else the machine
 * does falls on all. A run is what a tile takes in the product: from floats to floats, both in the processor's memory.
 */
export async function measure(arms: readonly Arm[], memory: MemoryCounter, task: Task): Promise<Measurement[]> {
  const engines: { engine: TileEngine; name: string; opened: number }[] = [];
  for (const { name, open } of arms) {
    memory.owner = name;
    const started = performance.now();
    const engine = await open();
    engines.push({ engine, name, opened: performance.now() - started });
  }
  const found: Measurement[] = [];
  for (const [order, side] of task.sides.entries()) {
    const input = uniformNoise(side * side * task.inputChannels, 1);
    const rows = [];
    for (const { engine, name, opened } of engines) {
      memory.owner = name;
      const started = performance.now();
      await engine.run(input, side, side);
      const first = performance.now() - started + (order === 0 ? opened : 0);
      rows.push({ engine, name, first, runs: [] as number[] });
    }
    for (let round = 0; round < task.rounds; round++) {
      for (const { engine, name, runs } of rows) {
        memory.owner = name;
        const started = performance.now();
        await engine.run(input, side, side);
        runs.push(performance.now() - started);
      }
    }
    for (const { name, first, runs } of rows) {
      found.push({ engine: name, side, first, runs, peakBytes: memory.peaks.get(name) ?? 0, difference: 0 });
    }
  }
  const differences = new Map<string, number>();
  for (const { engine, name } of engines) {
    for (const { input, output, height, width } of task.golden) {
      const difference = largestDifference(await engine.run(input, height, width), output);
      differences.set(name, Math.max(differences.get(name) ?? 0, difference));
    }
    engine.dispose();
  }
  return found.map((row) => ({ ...row, difference: differences.get(row.engine) ?? Number.NaN }));
}
