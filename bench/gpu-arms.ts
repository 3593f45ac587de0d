/**
 * The network in each of the builds among which docs/wgsl.md says that the library chooses, in turns:
 * `npx node bench/gpu-arms.ts`, on Dawn in Node with whatever GPU Vulkan, Metal or Direct3D finds; `--help` for more.
 */
import './engines/raw-text.ts';
import { parseArgs } from 'node:util';
import { numberOption, runCommand } from '../cli/command.ts';
import { findPublished, loadFiles } from '../cli/published.ts';
import { precisionOf } from '../models/card.ts';
import { adapterInNode } from './engines/in-node.ts';
import { median } from './load/statistics.ts';
import { otherWork, table } from './table.ts';

const HELP = 'Usage: npx node bench/gpu-arms.ts [--model fast] [--side 1024] [--rounds 10] [--f16]';

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      help: { type: 'boolean', default: false },
      model: { type: 'string', default: 'fast' },
      side: { type: 'string', default: '1024' },
      rounds: { type: 'string', default: '10' },
      // not by itself: on some drivers Dawn in Node ends the process over it
      f16: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const side = numberOption('side', values.side, 16, 4096);
  const rounds = numberOption('rounds', values.rounds, 1, 1000);
  const { path, card } = await findPublished(values.model);
  if (card.family === 'filter') throw new Error(`Expected a network but ${card.id} is a filter`);
  const files = await loadFiles(path, card, precisionOf(card, 'q8'));
  const { armsFor } = await import('../client/engine/wgsl/arms.ts');
  const { compile } = await import('../client/engine/layers/compile.ts');
  const { nameOfBuild } = await import('../client/engine/wgsl/kernel.ts');
  const { gmacsPerPixel } = await import('../client/engine/layers/network.ts');
  const { buildProgram } = await import('../client/engine/wgsl/program.ts');
  const { createTile } = await import('../client/engine/wgsl/tile.ts');
  const { timeRuns } = await import('../client/engine/wgsl/time-runs.ts');

  const adapter = await adapterInNode();
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const requiredFeatures = (['shader-f16', 'timestamp-query'] as const).filter(
    (name) => adapter.features.has(name) && (values.f16 || name !== 'shader-f16'),
  );
  const device = await adapter.requestDevice({
    requiredFeatures,
    requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
  });
  const network = compile(files);
  const builds = armsFor(adapter.info.vendor, values.f16 && device.features.has('shader-f16'));
  const programs = await Promise.all(builds.map((build) => buildProgram(device, network, build)));
  const times = builds.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, program] of programs.entries()) {
      const tile = createTile(device, program, side, side);
      times[i]?.push(await timeRuns(device, tile.dispatches));
      tile.destroy();
    }
  }
  device.destroy();
  const gflop = 2 * gmacsPerPixel(network) * side ** 2;
  const [standard = 0] = times.map(median);
  const rows = builds.map((build, i) => {
    const ms = median(times[i] as number[]);
    const least = Math.min(...(times[i] as number[]));
    return [
      nameOfBuild(build),
      ...[ms, least].map((value) => (value / (side ** 2 / 1e6)).toFixed(2)),
      (ms / standard).toFixed(2),
      ((gflop / ms) * 1000).toFixed(0),
    ];
  });
  const { vendor, architecture, description } = adapter.info;
  const head = ['kernels', 'ms/MP, median', 'least', 'of the default', 'GFLOP/s'];
  const clock = device.features.has('timestamp-query') ? "the GPU's clock" : 'queueing to end';
  console.log(`${[vendor, architecture, description].join(' ')}, ${side} x ${side} px, by ${clock}\n`);
  console.log(`${table(head, rows)}\n\n${otherWork()}.`);
  return 0;
}

await runCommand(main);
