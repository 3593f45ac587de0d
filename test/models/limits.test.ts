import { describe, expect, test } from 'vitest';
import { filesToRun } from '../../models/card.ts';
import { maxTilePixels, planCost } from '../../models/limits.ts';
import { planTiles } from '../../models/tiles.ts';
import { cardWith } from './pictures.ts';

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
