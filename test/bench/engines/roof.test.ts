import { expect, test } from 'vitest';
import { OIDN_NETWORK } from '../../../bench/engines/peers/oidn.ts';
import { fromPlanes, toPlanes } from '../../../bench/engines/planes.ts';
import { leastMs } from '../../../bench/engines/roof.ts';
import { wasmCeiling } from '../../../bench/engines/wasm-ceiling.ts';
import { layersOf } from '../../../bench/engines/work.ts';
import { fastName, loadNetwork } from '../../models/published.ts';

test('a layer takes the longer of its arithmetic and its memory, and layers add up', () => {
  const arithmetic = { gflop: 10, megabytes: 1 };
  const memory = { gflop: 1, megabytes: 500 };
  const peaks = { gflops: 1000, gbps: 50 };
  expect(leastMs([arithmetic], peaks)).toBeCloseTo(10);
  expect(leastMs([memory], peaks)).toBeCloseTo(10);
  expect(leastMs([arithmetic, memory], peaks)).toBeCloseTo(20);
  // all at once would hide the one behind the other
  expect(leastMs([arithmetic, memory], { gflops: 1000 })).toBeCloseTo(11);
});

test("the layers' operations are those of the card, and float16 moves half the bytes but the image's", async () => {
  const files = await loadNetwork(fastName, 'q8');
  const [floats, halves] = [layersOf(files, 4), layersOf(files, 2)];
  const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0);
  expect(sum(floats.map(({ gflop }) => gflop))).toBeCloseTo(2 * files.card.gmacsPerMegapixel, 3);
  const [whole, half] = [floats, halves].map((layers) => sum(layers.map(({ megabytes }) => megabytes)));
  expect(half as number).toBeGreaterThan((whole as number) / 2);
  expect(half as number).toBeLessThan((whole as number) * 0.52);
});

test("oidn-web's network has the operations that its authors' layers add up to", () => {
  expect(OIDN_NETWORK.gmacsPerMegapixel).toBeCloseTo(120.2, 1);
});

test('planes and back', () => {
  const pixels = Float32Array.of(1, 2, 3, 4, 5, 6);
  expect([...toPlanes(pixels, 3)]).toEqual([1, 4, 2, 5, 3, 6]);
  expect([...fromPlanes(toPlanes(pixels, 3), 3)]).toEqual([...pixels]);
});

test('the module that measures the processor is valid, with and without relaxed SIMD', async () => {
  expect(await wasmCeiling(false)).toBeGreaterThan(0.1);
  expect(await wasmCeiling(true)).toBeGreaterThan(0.1);
});
