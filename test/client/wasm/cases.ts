import type { ModelFiles } from '../../../models/engine.ts';
import { GraphBuilder } from '../layers/graphs.ts';

export interface Case {
  readonly name: string;
  readonly files: ModelFiles;
  readonly imageChannels: number;
  /** px: sides are multiples of it. */
  readonly multiple: number;
}

function graph(name: string, imageChannels: number, multiple: number, build: (graph: GraphBuilder) => void): Case {
  const builder = new GraphBuilder(imageChannels, name.length);
  build(builder);
  const isBlind = imageChannels % 2 === 1;
  const files = builder.files((isBlind ? imageChannels : imageChannels - 1) as 1 | 3, { blind: isBlind });
  return { name, imageChannels, multiple, files };
}

/** Networks that between them have everything that a layer can be. */
export const cases: readonly Case[] = [
  graph('1x1 from the image to the answer', 4, 1, (g) => {
    g.convolution('denoised', 'image', { kernel: 1, inputs: 4, outputs: 3 });
  }),
  graph('3x3 of a grey image with ReLU, its sum with the image', 1, 1, (g) => {
    g.convolution('noise', 'image', { kernel: 3, inputs: 1, outputs: 1, relu: true });
    g.sum('denoised', 'noise', 'image');
  }),
  graph('residual blocks of 3x3, wide and odd, and 1x1 with a sum', 2, 1, (g) => {
    g.convolution('head', 'image', { kernel: 3, inputs: 2, outputs: 44 });
    g.convolution('first', 'head', { kernel: 3, inputs: 44, outputs: 20, relu: true });
    g.convolution('second', 'first', { kernel: 3, inputs: 20, outputs: 44 });
    g.sum('block', 'head', 'second');
    g.convolution('third', 'block', { kernel: 1, inputs: 44, outputs: 44, relu: true });
    g.sum('sum', 'third', 'block');
    g.convolution('denoised', 'sum', { kernel: 3, inputs: 44, outputs: 1 });
  }),
  graph("the tiers' ends: unshuffle with 3x3, 3x3 with shuffle, residual", 4, 2, (g) => {
    g.convolution('head', 'image', { kernel: 6, stride: 2, inputs: 4, outputs: 32 });
    g.convolution('tail', 'head', { kernel: 3, inputs: 32, outputs: 12 });
    g.shuffle('noise', 'tail');
    g.slice('colours', 'image', 3);
    g.sum('denoised', 'colours', 'noise');
  }),
  graph('strided 2x2 down, transposed 2x2 up, of channels that fill no block, skip sum', 3, 2, (g) => {
    g.convolution('head', 'image', { kernel: 1, inputs: 3, outputs: 10, relu: true });
    g.convolution('down', 'head', { kernel: 2, stride: 2, inputs: 10, outputs: 6, relu: true });
    g.convolution('1x1', 'down', { kernel: 1, inputs: 6, outputs: 40 });
    g.shuffle('up', '1x1');
    g.sum('joined', 'up', 'head');
    g.convolution('denoised', 'joined', { kernel: 3, inputs: 10, outputs: 3 });
  }),
  graph('a wavelet synthesis after ReLU, its sum with what came before', 1, 4, (g) => {
    g.convolution('head', 'image', { kernel: 6, stride: 2, inputs: 1, outputs: 8, relu: true });
    g.convolution('down', 'head', { kernel: 6, stride: 2, inputs: 8, outputs: 32, relu: true });
    g.sum('joined', 'head', g.synthesis('up', 'down', 8));
    g.convolution('tail', 'joined', { kernel: 3, inputs: 8, outputs: 4 });
    g.shuffle('noise', 'tail');
    g.sum('denoised', 'image', 'noise');
  }),
  graph('sums with ReLU after them, of 3x3 and of 1x1', 1, 1, (g) => {
    g.convolution('head', 'image', { kernel: 3, inputs: 1, outputs: 12, relu: true });
    g.convolution('first', 'head', { kernel: 3, inputs: 12, outputs: 12 });
    g.relu('block', g.sum('sum', 'first', 'head'));
    g.convolution('second', 'block', { kernel: 1, inputs: 12, outputs: 12 });
    g.relu('joined', g.sum('other sum', 'block', 'second'));
    g.convolution('denoised', 'joined', { kernel: 3, inputs: 12, outputs: 1 });
  }),
];
