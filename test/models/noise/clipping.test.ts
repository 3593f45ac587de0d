import { expect, it } from 'vitest';
import { gaussianNoise } from '../../../models/noise/add.ts';
import { varianceLeft } from '../../../models/noise/clipping.ts';

const noise = gaussianNoise(200_000, 1);

it.each([
  { brightness: 0, sigma: 20 },
  { brightness: 15, sigma: 20 },
  { brightness: 128, sigma: 20 },
  { brightness: 250, sigma: 20 },
  { brightness: 60, sigma: 90 },
])('agrees with clipped noise of $sigma at $brightness', ({ brightness, sigma }) => {
  const clipped = Array.from(noise, (value) => Math.min(Math.max(brightness + sigma * value, 0), 255));
  const mean = clipped.reduce((a, b) => a + b, 0) / clipped.length;
  const variance = clipped.reduce((a, b) => a + (b - mean) ** 2, 0) / clipped.length;
  // The table is by whole means: interpolate between its two nearest.
  const table = varianceLeft(sigma);
  const [low, high] = [table[Math.floor(mean)], table[Math.ceil(mean)]] as [number, number];
  const expected = Math.min(low, high) === 0 ? Math.max(low, high) : low + (high - low) * (mean % 1);
  expect(Math.abs(variance / sigma ** 2 / expected - 1)).toBeLessThan(0.03);
});

it('knows means that no clipped noise leads to', () => {
  const table = varianceLeft(20);
  expect(table[0]).toBe(0);
  expect(table[7]).toBe(0); // noise of 20 at black has a mean of 20 / sqrt(2 pi) = 7.98
  expect(table[8]).toBeCloseTo(0.34, 2);
  expect(table[255]).toBe(0);
});

it('leaves noise away from the ends alone', () => {
  expect(varianceLeft(10)[128]).toBeCloseTo(1, 4);
});
