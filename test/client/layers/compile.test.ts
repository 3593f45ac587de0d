import { describe, expect, test } from 'vitest';
import { compile } from '../../../client/engine/layers/compile.ts';
import { macsPerPixel } from '../../../client/engine/layers/network.ts';
import { assignSlots } from '../../../client/engine/layers/slots.ts';
import { kernelNames, loadNetwork, networkNames, precisionsOf, readNetwork } from '../../models/published.ts';
import { GraphBuilder } from './graphs.ts';

const tiers = networkNames.filter((name) => readNetwork(name).family === 'tier');
const others = networkNames.filter((name) => !kernelNames.includes(name));

/** The layers in a few words: `3x3 image/2 4>32`, `1x1 a 64>32*2 relu +b`. */
const words = (files: Parameters<typeof compile>[0]) =>
  compile(files).layers.map(
    ({ kernel, source, unshuffle, inputChannels, outputChannels, shuffle, relu, residual, sumRelu }) =>
      [
        `${kernel}x${kernel} ${source}${unshuffle === 2 ? '/2' : ''}`,
        `${inputChannels}>${outputChannels}${shuffle === 2 ? '*2' : ''}`,
        ...(relu ? ['relu'] : []),
        ...(residual ? [`+${residual}`] : []),
        ...(sumRelu ? ['relu'] : []),
      ].join(' '),
  );

describe.each(tiers)('%s', (name) => {
  const card = readNetwork(name);
  const { widths, blocks_per_level: blocks } = card.architecture as { widths: number[]; blocks_per_level: unknown };
  const counts = Array.isArray(blocks) ? (blocks as number[]) : widths.map(() => blocks as number);

  test('is a layer per convolution, everything else part of one', async () => {
    const layers = await Promise.all(precisionsOf(name).map(async (each) => words(await loadNetwork(name, each))));
    const inBlocks = counts.reduce((sum, count, level) => sum + count * (level < widths.length - 1 ? 4 : 2), 0);
    const inputs = card.channels.input + (card.sigma.kind === 'map' ? 1 : 0);
    for (const each of layers) {
      // head, down and up between levels, tail
      expect(each).toHaveLength(2 + 2 * (widths.length - 1) + inBlocks);
      expect(each[0]).toBe(`3x3 image/2 ${inputs}>${widths[0]}`);
      expect(each.at(-1)).toMatch(new RegExp(`^3x3 .* ${widths[0]}>3\\*2 \\+image$`));
      expect(each.filter((layer) => layer.includes('+'))).toHaveLength(1 + widths.length - 1 + inBlocks / 2);
      expect(each.filter((layer) => layer.includes('relu'))).toHaveLength(inBlocks / 2);
    }
  });

  test('costs what its card says, in the memory that its card says and a little more', async () => {
    const network = compile(await loadNetwork(name, 'q8'));
    const macs = network.layers.reduce((sum, layer) => sum + macsPerPixel(layer), 0);
    expect(macs / 1000).toBeCloseTo(card.gmacsPerMegapixel, 3);
    const { sizes } = assignSlots(network);
    const { largestBufferBytesPerPixel, peakBytesPerPixel } = card.memory;
    expect(Math.max(...sizes) * 4).toBe(largestBufferBytesPerPixel);
    const bytes = (sizes.reduce((sum, size) => sum + size, 0) + network.imageChannels + card.channels.output) * 4;
    expect(bytes).toBeLessThan(peakBytesPerPixel * 1.25);
  });
});

test.each(others)('%s is refused, with what it has no kernel for', async (name) => {
  const files = await loadNetwork(name, precisionsOf(name)[0] as 'q8');
  expect(() => compile(files)).toThrow(expect.objectContaining({ code: 'engine-unavailable' }));
});

const refusals: { name: string; build(graph: GraphBuilder): void }[] = [
  {
    name: 'a convolution of 5x5',
    build: (g) => g.convolution('denoised', 'image', { kernel: 5, inputs: 4, outputs: 3 }),
  },
  {
    name: 'a convolution of other channels than its input has',
    build: (g) => g.convolution('denoised', 'image', { kernel: 3, inputs: 3, outputs: 3 }),
  },
  {
    name: 'a shuffle of what a sum needs unshuffled',
    build: (g) => {
      g.convolution('a', 'image', { kernel: 1, inputs: 4, outputs: 12 });
      g.shuffle('b', 'a');
      g.convolution('c', 'a', { kernel: 1, inputs: 12, outputs: 12 });
      g.convolution('d', 'b', { kernel: 2, stride: 2, inputs: 3, outputs: 12 });
      g.sum('e', 'c', 'd');
      g.convolution('denoised', 'e', { kernel: 1, inputs: 12, outputs: 3 });
    },
  },
  {
    name: 'a sum with the image in its midst',
    build: (g) => {
      g.convolution('a', 'image', { kernel: 1, inputs: 4, outputs: 4 });
      g.sum('b', 'a', 'image');
      g.convolution('denoised', 'b', { kernel: 1, inputs: 4, outputs: 3 });
    },
  },
  {
    name: 'a sum of different scales',
    build: (g) => {
      g.convolution('a', 'image', { kernel: 1, inputs: 4, outputs: 8 });
      g.convolution('b', 'a', { kernel: 2, stride: 2, inputs: 8, outputs: 8 });
      g.sum('c', 'a', 'b');
      g.convolution('denoised', 'c', { kernel: 1, inputs: 8, outputs: 3 });
    },
  },
  {
    name: 'a mix of channels that is not shuffled',
    build: (g) => {
      g.convolution('a', 'image', { kernel: 3, inputs: 4, outputs: 8 });
      g.sum('b', g.channels('first', 'a', 0, 4), g.channels('second', 'a', 4, 4));
      g.convolution('denoised', 'b', { kernel: 3, inputs: 4, outputs: 3 });
    },
  },
  {
    name: 'a mix of channels of two layers',
    build: (g) => {
      g.convolution('a', 'image', { kernel: 3, inputs: 4, outputs: 8 });
      g.convolution('b', 'a', { kernel: 3, inputs: 8, outputs: 8 });
      g.shuffle('c', g.joined('both', g.channels('first', 'a', 0, 4), g.channels('second', 'b', 4, 4)));
      g.convolution('denoised', 'c', { kernel: 6, stride: 2, inputs: 2, outputs: 3 });
    },
  },
  {
    name: 'a mix added to a layer of as many channels',
    build: (g) => {
      g.convolution('a', 'image', { kernel: 3, inputs: 4, outputs: 8 });
      g.convolution('b', 'a', { kernel: 3, inputs: 8, outputs: 4 });
      g.sum('c', 'b', g.channels('first', 'a', 0, 4));
      g.convolution('denoised', 'c', { kernel: 3, inputs: 4, outputs: 3 });
    },
  },
  {
    name: 'an answer that is no convolution',
    build: (g) => g.slice('denoised', 'image', 3),
  },
  {
    name: 'ReLU of the answer',
    build: (g) => {
      g.convolution('noise', 'image', { kernel: 3, inputs: 4, outputs: 4 });
      g.relu('denoised', g.sum('sum', 'noise', 'image'));
    },
  },
  {
    name: 'ReLU of what is read without it, too',
    build: (g) => {
      g.convolution('a', 'image', { kernel: 3, inputs: 4, outputs: 8 });
      g.convolution('b', 'a', { kernel: 3, inputs: 8, outputs: 8 });
      g.relu('relu', g.sum('sum', 'a', 'b'));
      g.convolution('c', 'relu', { kernel: 3, inputs: 8, outputs: 8 });
      g.sum('joined', 'c', 'sum');
      g.convolution('denoised', 'joined', { kernel: 3, inputs: 8, outputs: 3 });
    },
  },
  {
    name: 'an answer at half the size',
    build: (g) => g.convolution('denoised', 'image', { kernel: 2, stride: 2, inputs: 4, outputs: 3 }),
  },
];

test.each(refusals)('refuses $name', ({ build }) => {
  const graph = new GraphBuilder(4);
  build(graph);
  expect(() => compile(graph.files(3))).toThrow(expect.objectContaining({ code: 'engine-unavailable' }));
});

test('a slice of the image, and a sum of two layers of which the younger takes the other along', () => {
  const graph = new GraphBuilder(4);
  graph.slice('colours', 'image', 3);
  graph.convolution('a', 'colours', { kernel: 1, inputs: 3, outputs: 8 });
  graph.convolution('b', 'image', { kernel: 3, inputs: 4, outputs: 8, relu: true });
  graph.sum('c', 'b', 'a');
  graph.convolution('denoised', 'c', { kernel: 1, inputs: 8, outputs: 3 });
  expect(words(graph.files(3))).toEqual(['1x1 image 3>8', '3x3 image 4>8 relu +a', '1x1 b 8>3']);
});

test('ReLU after a sum', () => {
  const graph = new GraphBuilder(4);
  graph.convolution('a', 'image', { kernel: 3, inputs: 4, outputs: 8 });
  graph.convolution('b', 'a', { kernel: 3, inputs: 8, outputs: 8 });
  graph.relu('relu', graph.sum('sum', 'a', 'b'));
  graph.convolution('denoised', 'relu', { kernel: 3, inputs: 8, outputs: 3 });
  expect(words(graph.files(3))).toEqual(['3x3 image 4>8', '3x3 a 8>8 +a relu', '3x3 b 8>3']);
});
