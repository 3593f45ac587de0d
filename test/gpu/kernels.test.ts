import '@tensorflow/tfjs-backend-wasm';
import { expect, test } from 'vitest';
import { largestDifference } from '../../client/engine/self-test.ts';
import { openWgsl } from '../../client/engine/wgsl/engine.ts';
import { type Build, defaultBuild } from '../../client/engine/wgsl/kernel.ts';
import { type ModelFiles, openTfjsEngine } from '../../models/engine.ts';
import { GraphBuilder, randomImage } from '../client/layers/graphs.ts';
import { cases as wasmCases } from '../client/wasm/cases.ts';
import { watchedAdapter } from './device.ts';

/** What float32 in another order of additions may differ by, of values around 1. */
const ROUNDING = 1e-5;

/** px: one cell, less than a workgroup's 16 x 8 cells, exactly one, and several with a rest on both sides. */
const SIZES = [
  [1, 1],
  [7, 5],
  [8, 16],
  [19, 37],
] as const;

interface Case {
  readonly name: string;
  readonly files: ModelFiles;
  /** px: sides are multiples of it. */
  readonly multiple: number;
}

function graph(name: string, imageChannels: number, build: (graph: GraphBuilder) => Partial<Case>): Case {
  const builder = new GraphBuilder(imageChannels, name.length);
  const rest = build(builder);
  const [channels, blind] = imageChannels % 2 === 0 ? [imageChannels - 1, false] : [imageChannels, true];
  return { name, multiple: 1, files: builder.files(channels as 1 | 3, { blind }), ...rest };
}

/** Those of the other engine that nothing here has. */
const shared = wasmCases.filter(({ name }) => /wavelet|ReLU after/.test(name));

const cases: Case[] = [
  ...shared,
  graph('1x1 from the image to the answer', 4, (g) => {
    g.convolution('denoised', 'image', { kernel: 1, inputs: 4, outputs: 3 });
    return {};
  }),
  graph('3x3 of a grey image with ReLU, its sum with the image', 1, (g) => {
    g.convolution('noise', 'image', { kernel: 3, inputs: 1, outputs: 1, relu: true });
    g.sum('denoised', 'noise', 'image');
    return {};
  }),
  graph('3x3 without noise map, channels that fill no block', 3, (g) => {
    g.convolution('first', 'image', { kernel: 3, inputs: 3, outputs: 5, relu: true });
    g.convolution('denoised', 'first', { kernel: 3, inputs: 5, outputs: 3 });
    return {};
  }),
  graph('residual blocks of 3x3, wide and odd', 2, (g) => {
    g.convolution('head', 'image', { kernel: 3, inputs: 2, outputs: 44 });
    g.convolution('first', 'head', { kernel: 3, inputs: 44, outputs: 20, relu: true });
    g.convolution('second', 'first', { kernel: 3, inputs: 20, outputs: 44 });
    g.sum('block', 'head', 'second');
    g.convolution('denoised', 'block', { kernel: 3, inputs: 44, outputs: 1 });
    return {};
  }),
  graph('strided 2x2 down, transposed 2x2 up, skip sum', 4, (g) => {
    g.convolution('head', 'image', { kernel: 1, inputs: 4, outputs: 12, relu: true });
    g.convolution('down', 'head', { kernel: 2, stride: 2, inputs: 12, outputs: 36 });
    g.convolution('1x1', 'down', { kernel: 1, inputs: 36, outputs: 48 });
    g.shuffle('up', '1x1');
    g.sum('joined', 'up', 'head');
    g.convolution('tail', 'joined', { kernel: 1, inputs: 12, outputs: 3 });
    g.slice('colours', 'image', 3);
    g.sum('denoised', 'colours', 'tail');
    return { multiple: 2 };
  }),
  graph("the tiers' ends: unshuffle with 3x3, 3x3 with shuffle, residual", 4, (g) => {
    g.convolution('head', 'image', { kernel: 6, stride: 2, inputs: 4, outputs: 32 });
    g.convolution('tail', 'head', { kernel: 3, inputs: 32, outputs: 12 });
    g.shuffle('noise', 'tail');
    g.slice('colours', 'image', 3);
    g.sum('denoised', 'colours', 'noise');
    return { multiple: 2 };
  }),
  graph('transposed 2x2 of channels that fill no block', 3, (g) => {
    g.convolution('down', 'image', { kernel: 2, stride: 2, inputs: 3, outputs: 6, relu: true });
    g.convolution('1x1', 'down', { kernel: 1, inputs: 6, outputs: 40, relu: true });
    g.shuffle('up', '1x1');
    g.convolution('denoised', 'up', { kernel: 3, inputs: 10, outputs: 3 });
    return { multiple: 2 };
  }),
];

/** More than eight blocks, in workgroups of 16, 12 and 16 of them. */
const wide = graph('3x3 and 1x1 of many channels', 4, (g) => {
  g.convolution('head', 'image', { kernel: 3, inputs: 4, outputs: 64, relu: true });
  g.convolution('down', 'head', { kernel: 2, stride: 2, inputs: 64, outputs: 96 });
  g.convolution('1x1', 'down', { kernel: 1, inputs: 96, outputs: 128 });
  g.shuffle('up', '1x1');
  g.convolution('tail', 'up', { kernel: 3, inputs: 32, outputs: 3 });
  g.slice('colours', 'image', 3);
  g.sum('denoised', 'colours', 'tail');
  return { multiple: 2 };
});

/** Phones' GPUs get kernels of four rows instead of eight. */
const everywhere: (Case & { on: string; build: Partial<Build> })[] = [
  ...cases.flatMap((each) => ['nvidia', 'arm'].map((vendor) => ({ ...each, on: vendor, build: defaultBuild(vendor) }))),
  ...([8, 16] as const).map((group) => ({ ...wide, on: `workgroups of ${group} blocks`, build: { group } })),
];

test.each(everywhere)('$name, for $on: as TF.js, at all sizes, whatever memory held before', async (each) => {
  const { files, multiple, build } = each;
  const { adapter } = await watchedAdapter();
  const ours = await openWgsl(adapter, files, [], build);
  const theirs = await openTfjsEngine('wasm', 'wasm', files);
  const channels = files.card.channels.input + (files.card.sigma.kind === 'map' ? 1 : 0);
  for (const [rows, columns] of SIZES) {
    const [height, width] = [rows * multiple, columns * multiple];
    const image = randomImage(height, width, channels);
    const expected = await theirs.run(image, height, width);
    for (let run = 0; run < 2; run++) {
      expect(largestDifference(await ours.run(image, height, width), expected)).toBeLessThan(ROUNDING);
    }
  }
  ours.dispose();
  theirs.dispose();
});
