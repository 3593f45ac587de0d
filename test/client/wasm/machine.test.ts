import '@tensorflow/tfjs-backend-wasm';
import { expect, test } from 'vitest';
import { compile } from '../../../client/engine/layers/compile.ts';
import { largestDifference } from '../../../client/engine/self-test.ts';
import { kernelsModule } from '../../../client/engine/wasm/kernels.ts';
import { Machine } from '../../../client/engine/wasm/machine.ts';
import { openTfjsEngine } from '../../../models/engine.ts';
import { goldenOf, kernelNames, loadNetwork } from '../../models/published.ts';
import { randomImage } from '../layers/graphs.ts';
import { cases } from './cases.ts';

/** What float32 in another order of additions, and by Winograd's way, may differ by, of values around 1. */
const ROUNDING = 5e-5;

/** Cells: one, less than a tile of 4 x 4, whole tiles, several with a rest; the last are several blocks of tiles. */
const SIZES = [
  [1, 1],
  [7, 5],
  [8, 16],
  [19, 37],
  [70, 131],
] as const;

const modules = [true, false].map((isFused) => new WebAssembly.Module(kernelsModule(isFused)));

test.each(cases)('$name: as TF.js, at all sizes, whatever memory held before', async (each) => {
  const { files, multiple, imageChannels } = each;
  const theirs = await openTfjsEngine('wasm', 'wasm', files);
  const ours = modules.map((module) => new Machine(module, compile(files)));
  // and back to the first, in memory that the largest has filled
  for (const [rows, columns] of [...SIZES, SIZES[0], SIZES[1]]) {
    const [height, width] = [rows * multiple, columns * multiple];
    const image = randomImage(height, width, imageChannels);
    const expected = await theirs.run(image, height, width);
    for (const machine of ours) {
      expect(largestDifference(machine.run(image, height, width), expected)).toBeLessThan(ROUNDING);
    }
  }
  theirs.dispose();
});

test.each(kernelNames)("%s reproduces PyTorch's golden windows, with and without fused multiply-add", async (name) => {
  const network = compile(await loadNetwork(name, 'q8'));
  for (const module of modules) {
    const machine = new Machine(module, network);
    for (const { input, height, width, output } of goldenOf(name)) {
      expect(largestDifference(machine.run(input, height, width), output.q8)).toBeLessThan(1e-5);
    }
  }
});

test('NaN comes out as NaN, with ReLU too, and is gone in the next window', () => {
  const { files } = cases[1] as (typeof cases)[number];
  const machine = new Machine(modules[0] as WebAssembly.Module, compile(files));
  const image = randomImage(12, 12, 1);
  const right = machine.run(image, 12, 12);
  expect(machine.run(image.with(70, Number.NaN), 12, 12)[70]).toBeNaN();
  expect(machine.run(image, 12, 12)).toEqual(right);
});

test('a window that no memory holds throws, and a smaller one runs', () => {
  const { files } = cases[0] as (typeof cases)[number];
  const machine = new Machine(modules[0] as WebAssembly.Module, compile(files));
  const image = randomImage(4, 4, 4);
  const right = machine.run(image, 4, 4);
  expect(() => machine.run(image, 2 ** 15, 2 ** 15)).toThrow(RangeError);
  expect(machine.run(image, 4, 4)).toEqual(right);
});
