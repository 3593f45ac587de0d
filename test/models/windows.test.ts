import { describe, expect, test } from 'vitest';
import type { FloatImage } from '../../models/image.ts';
import { planTiles, windowOrigin } from '../../models/tiles.ts';
import { cutWindow, passesOver, reflect, writeResidual } from '../../models/windows.ts';
import { cardWith, filterCard, largestDifference, randomFloat } from './pictures.ts';

describe('reflect', () => {
  test('mirrors at both ends without repeating the border', () => {
    expect([-3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7].map((at) => reflect(at, 4))).toEqual([3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1]);
  });

  test('stays inside for any distance, as padding of tiny images needs', () => {
    expect([-9, 0, 5].map((at) => reflect(at, 1))).toEqual([0, 0, 0]);
    expect([-3, -2, -1, 0, 1, 2, 3].map((at) => reflect(at, 2))).toEqual([1, 0, 1, 0, 1, 0, 1]);
  });
});

const needs = { halo: 8, sizeMultiple: 8 };

describe.each([1, 3] as const)('windows of images of %d channels', (channels) => {
  const image = randomFloat(53, 37, channels);
  const [all] = passesOver(channels, cardWith({})) as [readonly number[]];
  const plan = planTiles(53, 37, needs, { maxTilePixels: 32 * 32 });
  const pixel = (x: number, y: number, c: number) => image.data[(y * 53 + x) * channels + Math.min(c, channels - 1)];

  test('hold the image, mirrored beyond its sides, and the noise map', () => {
    expect(plan.tiles.length).toBeGreaterThan(4);
    for (const part of plan.tiles) {
      const input = cutWindow(image, plan, part, all, 51);
      const origin = windowOrigin(plan, part);
      const expected = new Float32Array(input.length);
      for (let y = 0, to = 0; y < plan.tile.height; y++) {
        for (let x = 0; x < plan.tile.width; x++) {
          const at = [reflect(origin.x + x, 53), reflect(origin.y + y, 37)] as const;
          for (let c = 0; c < 3; c++) expected[to++] = pixel(...at, c) as number;
          expected[to++] = 51 / 255;
        }
      }
      expect(largestDifference(input, expected)).toBe(0);
    }
  });

  test('written back leave noisy - denoised, each pixel once', () => {
    const residual = new Float32Array(image.data.length).fill(9);
    for (const part of plan.tiles) {
      const input = cutWindow(image, plan, part, all, 0);
      // a network that halves: the residual is the other half
      const output = new Float32Array((input.length / 4) * 3).map(
        (_, i) => (input[Math.floor(i / 3) * 4 + (i % 3)] as number) / 2,
      );
      expect(writeResidual(output, plan, part, all, image, residual)).toBe(true);
    }
    expect(
      largestDifference(
        residual,
        image.data.map((value) => value / 2),
      ),
    ).toBeLessThan(1e-7);
  });
});

describe('the passes of an engine', () => {
  const grey = cardWith({ channels: { input: 1, output: 1 } });

  test('give networks as many channels as they take, and filters the image as it is', () => {
    expect(passesOver(3, cardWith({}))).toEqual([[0, 1, 2]]);
    expect(passesOver(1, cardWith({}))).toEqual([[0, 0, 0]]);
    expect(passesOver(3, grey)).toEqual([[0], [1], [2]]);
    expect(passesOver(1, grey)).toEqual([[0]]);
    expect([passesOver(3, filterCard()), passesOver(1, filterCard())]).toEqual([[[0, 1, 2]], [[0]]]);
  });

  test('of a network for grey put each colour back in its place', () => {
    const image = randomFloat(16, 8, 3);
    const plan = planTiles(16, 8, needs, { maxTilePixels: 128 });
    const part = { x: 0, y: 0, width: 16, height: 8 };
    const residual = new Float32Array(image.data.length);
    for (const [order, channels] of passesOver(3, grey).entries()) {
      const input = cutWindow(image, plan, part, channels, undefined);
      expect(input).toEqual(image.data.filter((_, i) => i % 3 === order));
      const output = input.map((value) => value - order / 4);
      expect(writeResidual(output, plan, part, channels, image, residual)).toBe(true);
    }
    const expected = residual.map((_, i) => (i % 3) / 4);
    expect(largestDifference(residual, expected)).toBeLessThan(1e-6);
  });
});

describe('what a network must not return', () => {
  const image: FloatImage = randomFloat(8, 8, 3);
  const plan = planTiles(8, 8, needs, { maxTilePixels: 64 });
  const part = { x: 0, y: 0, width: 8, height: 8 };
  test.each([
    ['a NaN', new Float32Array(192).fill(Number.NaN, 100, 101)],
    ['an infinity', new Float32Array(192).fill(Number.POSITIVE_INFINITY, 100, 101)],
    ['infinities that cancel', Float32Array.from({ length: 192 }, (_, i) => (i < 2 ? (i - 0.5) * Infinity : 0))],
    ['too little', new Float32Array(191)],
  ])('%s', (_, output) => {
    expect(writeResidual(output, plan, part, [0, 1, 2], image, new Float32Array(192))).toBe(false);
  });
});
