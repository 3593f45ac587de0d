/**
 * What our WebAssembly kernels are made of, beside TF.js, in this Node's V8: `npm run bench:wasm`. With relaxed SIMD's
 * multiply-add and without, on one thread, and in as many workers as there are cores. `npm run bench:engines` has the peers.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { numberOption, runCommand } from '../cli/command.ts';
import { findPublished, loadFiles } from '../cli/published.ts';
import { startThread } from '../cli/threads.ts';
import { compile } from '../client/engine/layers/compile.ts';
import { largestDifference } from '../client/engine/self-test.ts';
import { kernelsModule } from '../client/engine/wasm/kernels.ts';
import { Machine } from '../client/engine/wasm/machine.ts';
import { precisionOf } from '../models/card.ts';
import { type ModelFiles, openTfjsEngine } from '../models/engine.ts';
import { uniformNoise } from '../models/noise/random.ts';
import { goldenOf } from '../test/models/published.ts';
import { median, quantile } from './load/statistics.ts';
import { otherWork, table } from './table.ts';

const HELP = 'Usage: npm run bench:wasm -- [--model fast] [--sides 256,512] [--rounds 9]';

interface Arm {
  readonly name: string;
  /** Windows that it computes at a time. */
  readonly windows: number;
  run(input: Float32Array, height: number, width: number): Promise<Float32Array>;
  close?(): void;
}

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      help: { type: 'boolean', default: false },
      model: { type: 'string', default: 'fast' },
      sides: { type: 'string', default: '256,512' },
      rounds: { type: 'string', default: '9' },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const sides = values.sides.split(',').map((side) => numberOption('sides', side, 16, 4096));
  const rounds = numberOption('rounds', values.rounds, 1, 1000);
  const { path, card } = await findPublished(values.model);
  if (card.family === 'filter') throw new Error(`Expected a network but ${card.id} is a filter`);
  const precision = precisionOf(card, 'q8');
  const files = await loadFiles(path, card, precision);
  const channels = card.channels.input + (card.sigma.kind === 'map' ? 1 : 0);
  const other = otherWork();
  const arms = await openArms(files);
  const golden = goldenOf(`${card.id}@${card.version}`)[0];
  const rows: string[][] = [];
  for (const side of sides) {
    const input = uniformNoise(side * side * channels, 1);
    const times = arms.map((): number[] => []);
    // the first two warm up: V8 compiles what runs often a second time
    for (let round = -2; round < rounds; round++) {
      for (const [i, arm] of arms.entries()) {
        const started = performance.now();
        await Promise.all(Array.from({ length: arm.windows }, () => arm.run(input, side, side)));
        if (round >= 0) times[i]?.push((performance.now() - started) / arm.windows);
      }
    }
    const base = median(times[0] as number[]);
    for (const [i, arm] of arms.entries()) {
      const ms = times[i] as number[];
      const difference = golden
        ? largestDifference(await arm.run(golden.input.slice(), golden.height, golden.width), golden.output[precision])
        : Number.NaN;
      rows.push([
        arm.name,
        `${side}`,
        median(ms).toFixed(0),
        `${quantile(ms, 0.05).toFixed(0)} to ${quantile(ms, 0.95).toFixed(0)}`,
        ((median(ms) * 1e6) / side ** 2).toFixed(0),
        (base / median(ms)).toFixed(2),
        difference.toExponential(0),
      ]);
    }
  }
  console.log(`${card.id}@${card.version}, ms per window; the windows of one arm at a time, all in turns\n`);
  console.log(
    table(['engine', 'px', 'ms', '5 % to 95 %', 'ms/MP', `times ${arms[0]?.name}`, 'off from PyTorch'], rows),
  );
  console.log(`\n${other}.`);
  for (const arm of arms) arm.close?.();
  return 0;
}

async function openArms(files: ModelFiles): Promise<Arm[]> {
  await import('@tensorflow/tfjs-backend-wasm');
  const tfjs = await openTfjsEngine('wasm', 'wasm', files);
  const network = compile(files);
  const ours = (isFused: boolean) => {
    const machine = new Machine(new WebAssembly.Module(kernelsModule(isFused)), network);
    return async (...window: Parameters<Machine['run']>) => machine.run(...window);
  };
  const cores = availableParallelism();
  const module = new WebAssembly.Module(kernelsModule(true));
  const workers = await Promise.all(Array.from({ length: cores }, () => startThread({ module, network })));
  let turn = 0;
  return [
    { name: 'TF.js', windows: 1, run: tfjs.run },
    { name: 'ours, plain SIMD', windows: 1, run: ours(false) },
    { name: 'ours', windows: 1, run: ours(true) },
    {
      name: `ours, ${cores} workers`,
      windows: cores,
      run: (...window) => (workers[turn++ % cores] as (typeof workers)[number]).computer.run(...window),
      close() {
        for (const { computer } of workers) computer.close();
      },
    },
  ];
}

await runCommand(main);
