/**
 * Our engines side by side: `npm run bench:engines`, on Dawn in Node with whatever GPU Vulkan, Metal or Direct3D finds;
 * with `-- --chromium` in headless Chromium, whose GPU is emulated on the processor: for correctness, at small sizes.
 */
import { parseArgs } from 'node:util';
import { numberOption, runCommand } from '../../cli/command.ts';
import { findPublished, loadFiles } from '../../cli/published.ts';
import { precisionOf } from '../../models/card.ts';
import { goldenOf } from '../../test/models/published.ts';
import { median, quantile } from '../load/statistics.ts';
import { otherWork, table } from '../table.ts';
import type { LayerClass } from './layers.ts';
import type { Measurement, Task } from './measure.ts';

const HELP = 'Usage: npm run bench:engines -- [--model fast] [--sides 256,512] [--rounds 30] [--f16 | --chromium]';

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      help: { type: 'boolean', default: false },
      model: { type: 'string', default: 'fast' },
      sides: { type: 'string', default: '256,512' },
      rounds: { type: 'string', default: '30' },
      // not by itself: on some drivers Dawn in Node ends the process over it
      f16: { type: 'boolean', default: false },
      chromium: { type: 'boolean', default: false },
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
  const golden = goldenOf(`${card.id}@${card.version}`).map((each) => ({ ...each, output: each.output[precision] }));
  const inputChannels = card.channels.input + (card.sigma.kind === 'map' ? 1 : 0);
  const task: Task = { golden, inputChannels, sides, rounds };
  const other = otherWork();
  if (values.chromium) {
    const { measureInChromium } = await import('./in-chromium.ts');
    const { adapter, found } = await measureInChromium(files, task);
    print(`headless Chromium, ${adapter}`, found, other);
    return 0;
  }
  const { adapterInNode, armsInNode } = await import('./in-node.ts');
  const { countMemory } = await import('./memory.ts');
  const { measure } = await import('./measure.ts');
  const memory = countMemory();
  const arms = await armsInNode(files, values.f16);
  const { vendor, architecture, description } = (await adapterInNode()).info;
  print([vendor, architecture, description].join(' '), await measure(arms, memory, task), other);
  const { arithmeticCeiling } = await import('./ceiling.ts');
  const { measureLayers } = await import('./layers.ts');
  const side = sides.at(-1) ?? 256;
  for (const arithmetic of values.f16 ? (['f32', 'f16'] as const) : (['f32'] as const)) {
    const layers = await measureLayers(await adapterInNode(), files, arithmetic, side, Math.min(rounds, 10));
    const ceiling = await arithmeticCeiling(await adapterInNode(), arithmetic, 5);
    const where = `Layers in ${arithmetic}, per megapixel, from ${side} x ${side} px`;
    console.log(`\n${where}; multiply-adds alone reach ${ceiling.toFixed(0)} GFLOP/s:\n\n${layerTable(layers)}`);
  }
  return 0;
}

function print(where: string, found: readonly Measurement[], other: string): void {
  const head = ['engine', 'px', 'ms/MP, median', '5 % to 95 %', 'first run, ms', 'MB at most', 'off from PyTorch'];
  const rows = found.map(({ engine, side, runs, first, peakBytes, difference }) => {
    const perMegapixel = runs.map((ms) => ms / ((side * side) / 1e6));
    const [low, high] = [quantile(perMegapixel, 0.05), quantile(perMegapixel, 0.95)];
    return [
      engine,
      `${side} x ${side}`,
      median(perMegapixel).toFixed(1),
      `${low.toFixed(1)} to ${high.toFixed(1)}`,
      first.toFixed(0),
      peakBytes > 0 ? (peakBytes / 1e6).toFixed(0) : 'not known',
      difference.toExponential(1),
    ];
  });
  console.log(`${where}\n\n${table(head, rows)}\n\n${other}.`);
}

function layerTable(layers: readonly LayerClass[]): string {
  const total = layers.reduce((sum, { ms = 0 }) => sum + ms, 0);
  const rows = layers.map(({ name, count, gflop, megabytes, ms }) => [
    name,
    count,
    gflop.toFixed(2),
    megabytes.toFixed(0),
    ((gflop * 1000) / megabytes).toFixed(0),
    ...(ms === undefined
      ? ['', '', '', '']
      : [
          ms.toFixed(2),
          `${((ms / total) * 100).toFixed(0)} %`,
          ((gflop / ms) * 1000).toFixed(1),
          (megabytes / ms).toFixed(1),
        ]),
  ]);
  return table(['layers', 'count', 'GFLOP', 'MB', 'FLOP/B', 'ms', 'of all', 'GFLOP/s', 'GB/s'], rows);
}

await runCommand(main);
