/**
 * What a tile costs beside the network on WebGPU: windows cut in JavaScript against pictures that the GPU cuts itself.
 * `npx node bench/gpu-io.ts`; `-- --help` for more. Without a GPU name the driver of one, as vitest.config.ts does.
 */
import './engines/raw-text.ts';
import { parseArgs } from 'node:util';
import { numberOption, runCommand } from '../cli/command.ts';
import { findPublished, loadFiles } from '../cli/published.ts';
import { precisionOf } from '../models/card.ts';
import { denoiseSamples } from '../models/denoise.ts';
import type { ModelFiles, TileEngine } from '../models/engine.ts';
import type { RasterImage } from '../models/image.ts';
import { tileImage } from '../models/residual.ts';
import { planTiles } from '../models/tiles.ts';
import { cutWindow, writeResidual } from '../models/windows.ts';
import { GraphBuilder } from '../test/client/layers/graphs.ts';
import { randomRaster } from '../test/models/pictures.ts';
import { adapterInNode } from './engines/in-node.ts';
import { median } from './load/statistics.ts';
import { otherWork, table } from './table.ts';

const HELP = `Usage: npx node bench/gpu-io.ts [--model fast] [--width 2048] [--height 1536] [--side 512] [--rounds 5]

Without --model the network is one 1x1 convolution: what is around it is measured.`;

const SIGMA = 25;

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      help: { type: 'boolean', default: false },
      model: { type: 'string' },
      width: { type: 'string', default: '2048' },
      height: { type: 'string', default: '1536' },
      side: { type: 'string', default: '512' },
      rounds: { type: 'string', default: '5' },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const size = (name: 'width' | 'height' | 'side') => numberOption(name, values[name], 128, 16_384);
  const rounds = numberOption('rounds', values.rounds, 1, 1000);
  const files = values.model ? await published(values.model) : oneConvolution();
  const image = randomRaster(size('width'), size('height'), 4);
  // nothing transparent: what lies under it would be filled first
  for (let i = 3; i < image.data.length; i += 4) image.data[i] = 255;
  const other = otherWork();
  const { vendor, architecture, description } = (await adapterInNode()).info;
  console.log(`${[vendor, architecture, description].join(' ')}; ${values.model ?? 'one 1x1 convolution'}`);
  const { tile, tiles } = planOf(files, image, size('side'));
  const picture = `${image.width} x ${image.height} RGBA of 8 bits in ${tiles.length} windows of ${tile.width} x ${tile.height}`;
  console.log(`${picture}.\n\n${await timeCalls(files, image, size('side'), rounds)}\n`);
  console.log(`${await timePictures(files, image, size('side'), rounds)}\n\n${other}.`);
  return 0;
}

function oneConvolution(): ModelFiles {
  const graph = new GraphBuilder(4);
  graph.convolution('denoised', 'image', { kernel: 1, inputs: 4, outputs: 3 });
  return graph.files(3);
}

async function published(name: string): Promise<ModelFiles> {
  const { path, card } = await findPublished(name);
  if (card.family === 'filter') throw new Error(`Expected a network but ${card.id} is a filter`);
  return loadFiles(path, card, precisionOf(card, 'q8'));
}

function planOf({ card }: ModelFiles, { width, height }: RasterImage, side: number) {
  const needs = { halo: card.halo.measured, sizeMultiple: card.sizeMultiple };
  return planTiles(width, height, needs, { maxTilePixels: side * side });
}

/** ms of processor time of the calling thread, whatever else the machine does; Linux counts in ticks: for means. */
function threadTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** What the calling thread does per tile, from the cut to the last write. */
async function timeCalls(files: ModelFiles, image: RasterImage, side: number, rounds: number): Promise<string> {
  const { compile } = await import('../client/engine/layers/compile.ts');
  const { rowsFor } = await import('../client/engine/wgsl/kernel.ts');
  const { buildProgram } = await import('../client/engine/wgsl/program.ts');
  const { createTile } = await import('../client/engine/wgsl/tile.ts');
  const { runWindow } = await import('../client/engine/wgsl/run.ts');
  const { buildPictureKernels } = await import('../client/engine/wgsl/picture-kernels.ts');
  const { openPicture, uploadPicture } = await import('../client/engine/wgsl/picture.ts');
  const adapter = await adapterInNode();
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const device = await adapter.requestDevice({ requiredLimits: { maxBufferSize, maxStorageBufferBindingSize } });
  const program = await buildProgram(device, compile(files), { arithmetic: 'f32', rows: rowsFor(adapter.info.vendor) });
  const plan = planOf(files, image, side);
  const { height, width } = plan.tile;
  const tile = createTile(device, program, height, width);
  const noisy = tileImage(image);
  const residual = new Int16Array(image.width * image.height * 3);
  const channels = [0, 1, 2];

  const started = threadTime();
  const uploading = uploadPicture(device, noisy);
  const upload = threadTime() - started;
  const samples = await uploading;
  if (!samples) throw new Error('Expected room for the picture on the GPU but there is none: give a smaller one');
  let [starting, reading] = [0, 0];
  const timed = <Result>(work: () => Result): [Result, number] => {
    const before = threadTime();
    return [work(), threadTime() - before];
  };
  const kernels = await buildPictureKernels(device);
  const work = { noisy, plan, channels, sigma: SIGMA };
  const picture = openPicture(device, samples, kernels, work, async (_height, _width, start, read) => {
    const [answering, ms] = timed(() => start(tile, Number.POSITIVE_INFINITY));
    const { bytes, release } = await answering;
    const [result, more] = timed(() => read(bytes));
    release();
    [starting, reading] = [ms, more];
    return result;
  });

  const rows: Record<'floats' | 'samples', { starts: number[]; reads: number[] }> = {
    floats: { starts: [], reads: [] },
    samples: { starts: [], reads: [] },
  };
  // the first warms up
  for (let round = 0; round <= rounds; round++) {
    for (const part of plan.tiles) {
      const [answering, start] = timed(() => runWindow(device, tile, cutWindow(noisy, plan, part, channels, SIGMA)));
      const { bytes, release } = await answering;
      const [, read] = timed(() => {
        const output = new Float32Array(bytes).slice();
        release();
        writeResidual(output, plan, part, channels, noisy, residual);
      });
      await picture.run(part, residual);
      if (round === 0) continue;
      rows.floats.starts.push(start);
      rows.floats.reads.push(read);
      rows.samples.starts.push(starting);
      rows.samples.reads.push(reading);
    }
  }
  picture.release();
  device.destroy();
  const head = [
    'of a tile, processor time of the calling thread, means',
    'cut, upload, submit: ms',
    'read, write: ms',
    'both: ms',
  ];
  const line = (name: string, { starts, reads }: (typeof rows)['floats']) => {
    const both = starts.map((ms, i) => ms + (reads[i] as number));
    return [name, ...[starts, reads, both].map((ms) => mean(ms).toFixed(2))];
  };
  const lines = [line('windows of floats', rows.floats), line('the picture on the GPU', rows.samples)];
  return `${table(head, lines)}\n\nThe picture's upload, once: ${upload.toFixed(1)} ms.`;
}

const mean = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/** Whole pictures through the pipeline: ms and bytes per tile. */
async function timePictures(files: ModelFiles, image: RasterImage, side: number, rounds: number): Promise<string> {
  const { openWgsl } = await import('../client/engine/wgsl/engine.ts');
  const moved = countBytes();
  const engine = await openWgsl(await adapterInNode(), files, []);
  const inWindows = { name: engine.name, run: engine.run, dispose: () => undefined };
  const arms: { name: string; engine: TileEngine; ms: number[]; up: number; down: number }[] = [
    { name: 'windows of floats, one after the other', engine: inWindows },
    { name: 'windows of floats, two under way', engine: { ...inWindows, inFlight: 2 } },
    { name: 'the picture on the GPU, two under way', engine },
  ].map((arm) => ({ ...arm, ms: [], up: 0, down: 0 }));
  let count = 1;
  for (let round = 0; round <= rounds; round++) {
    for (const arm of arms) {
      const source = { name: 'wgsl', maxTilePixels: side * side, open: async () => arm.engine };
      Object.assign(moved, { up: 0, down: 0 });
      const { plan, timings } = await denoiseSamples(image, files.card, [source], {
        ...(files.card.sigma.kind === 'map' && { sigma: SIGMA }),
        now: () => performance.now(),
      });
      count = plan?.tiles.length ?? 1;
      if (round > 0) arm.ms.push(timings.tiles / count);
      Object.assign(arm, moved);
    }
  }
  engine.dispose();
  const head = ['of a tile, in the pipeline', 'ms, median', 'KB up', 'KB down'];
  const lines = arms.map(({ name, ms, up, down }) => [
    name,
    median(ms).toFixed(1),
    ...[up, down].map((bytes) => (bytes / count / 1000).toFixed(0)),
  ]);
  return table(head, lines);
}

/** Bytes written to the GPU and mapped for reading, from now on. */
function countBytes(): { up: number; down: number } {
  const moved = { up: 0, down: 0 };
  const { writeBuffer } = GPUQueue.prototype;
  GPUQueue.prototype.writeBuffer = function (...args: Parameters<typeof writeBuffer>) {
    const [, , data, , size] = args;
    moved.up += size ?? data.byteLength;
    return writeBuffer.apply(this, args);
  };
  const { mapAsync } = GPUBuffer.prototype;
  GPUBuffer.prototype.mapAsync = function (mode, offset, size) {
    moved.down += size ?? this.size;
    return mapAsync.call(this, mode, offset, size);
  };
  return moved;
}

await runCommand(main);
