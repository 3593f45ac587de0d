import { describe, expect, test } from 'vitest';
import { filesToRun } from '../../models/card.ts';
import { maxTilePixels, planCost, runsAtEdge } from '../../models/limits.ts';
import { planTiles } from '../../models/tiles.ts';
import { cardWith, filterCard } from './pictures.ts';

const card = cardWith({
  memory: { largestBufferBytesPerPixel: 512, peakBytesPerPixel: 2000 },
  gmacsPerMegapixel: 50,
});
const MiB = 2 ** 20;

describe('the largest window', () => {
  test('of a GPU fits its largest buffer into the smaller of two limits', () => {
    const device = { backend: 'webgpu', maxBufferSize: 1024 * MiB, maxStorageBufferBindingSize: 512 * MiB } as const;
    expect(maxTilePixels(card, device)).toBe(MiB);
    expect(maxTilePixels(card, { ...device, maxBufferSize: 256 * MiB })).toBe(MiB / 2);
  });

  test('of a GPU that says nothing fits what WebGPU guarantees, and so of a device that says nothing', () => {
    expect(maxTilePixels(card, { backend: 'webgpu' })).toBe((128 * MiB) / 512);
    expect(maxTilePixels(card, {})).toBe((128 * MiB) / 512);
  });

  test('is never unbounded, however large the device', () => {
    const huge = { maxBufferSize: 2 ** 40, maxStorageBufferBindingSize: 2 ** 40 };
    expect(maxTilePixels(card, { backend: 'webgpu', ...huge })).toBe(2 * MiB);
    expect(maxTilePixels(card, { backend: 'wasm', ...huge })).toBe(MiB / 4);
    expect(maxTilePixels(card, { backend: 'cpu', ...huge })).toBe(MiB / 64);
  });

  test('of a processor is a pause of a network that is not too long, and no more memory than a tab has', () => {
    const heavy = (gmacsPerMegapixel: number) => ({ ...card, gmacsPerMegapixel });
    expect(maxTilePixels(heavy(150), { backend: 'wasm' })).toBe(MiB / 4);
    expect(maxTilePixels(heavy(400), { backend: 'wasm' })).toBe(100_000);
    expect(maxTilePixels(heavy(4000), { backend: 'wasm' })).toBe(MiB / 16);
    const hungry = { ...card, memory: { ...card.memory, peakBytesPerPixel: 2 ** 16 } };
    expect(maxTilePixels(hungry, { backend: 'wasm' })).toBe(MiB / 64);
  });

  test('of a filter does not depend on the device, which it does not use', () => {
    const filter = filterCard();
    expect(maxTilePixels(filter, {})).toBe(MiB / 4);
    expect(maxTilePixels(filter, { backend: 'webgpu', maxBufferSize: 2 ** 40 })).toBe(MiB / 4);
  });

  test('keeps within the memory that the caller is willing to spend', () => {
    expect(maxTilePixels(card, { backend: 'wasm', memoryBytes: 100e6 })).toBe(50000);
    expect(maxTilePixels(card, { backend: 'wasm', memoryBytes: 0 })).toBe(0);
  });
});

test('the cost of a plan counts whole windows, halos included', () => {
  const plan = planTiles(1000, 500, { halo: 24, sizeMultiple: 8 }, { maxTilePixels: 2 ** 16 });
  const windows = plan.tiles.length * plan.tile.width * plan.tile.height;
  expect(windows).toBeGreaterThan(1000 * 500 * 1.1);
  for (const precision of ['f16', 'q8'] as const) {
    expect(planCost(card, plan, precision)).toEqual({
      gmacs: expect.closeTo((windows / 1e6) * 50, 9),
      peakBytes: plan.tile.width * plan.tile.height * 2000,
      downloadBytes: filesToRun(card, precision).reduce((sum, file) => sum + file.bytes, 0),
    });
  }
  expect(planCost(card, plan, 'q8').downloadBytes).toBeLessThan(0.6 * planCost(card, plan, 'f16').downloadBytes);
});

test('the edge runs what is small: few multiply-accumulates, few bytes, and the filters that say so', () => {
  const weights = (bytes: number) => [{ name: 'a.bin', bytes, sha256: '', role: 'weights-f16' as const }];
  expect(runsAtEdge(cardWith({ gmacsPerMegapixel: 90, files: weights(2 * MiB) }))).toBe(true);
  expect(runsAtEdge(cardWith({ gmacsPerMegapixel: 110, files: weights(2 * MiB) }))).toBe(false);
  expect(runsAtEdge(cardWith({ gmacsPerMegapixel: 90, files: weights(5 * MiB) }))).toBe(false);
  expect(runsAtEdge(filterCard({ edge: true }))).toBe(true);
  expect(runsAtEdge(filterCard({ edge: false }))).toBe(false);
});

test('a filter costs no download', () => {
  const plan = planTiles(100, 50, { halo: 8, sizeMultiple: 1 }, { maxTilePixels: 2 ** 16 });
  expect(planCost(filterCard(), plan, 'q8')).toEqual({ gmacs: 0, peakBytes: 5000 * 64, downloadBytes: 0 });
});
