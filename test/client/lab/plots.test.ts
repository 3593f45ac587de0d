import { expect, test } from 'vitest';
import { ticks } from '../../../client/lab/plot/ticks.ts';
import { differencePicture, histogram } from '../../../client/lab/work/measure.ts';
import type { RasterImage } from '../../../models/image.ts';

test('round numbers for an axis', () => {
  expect(ticks(13.2, 41.1, 6)).toEqual([15, 20, 25, 30, 35, 40]);
  expect(ticks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(ticks(5, 5, 5)).toEqual([5]);
});

const row = (...data: number[]): RasterImage => ({
  ...{ data: Uint8Array.from(data), width: data.length, height: 1, channels: 1, depth: 8 },
});

test('a histogram of differences is centred on 0 and loses none', () => {
  const made = histogram(row(10, 12, 8, 200, 0), row(10, 10, 10, 0, 200), 4);
  expect(made.counts).toHaveLength(9);
  expect(made.counts).toEqual([1, 0, 1, 0, 1, 0, 1, 0, 1]);
  expect(made.deviation).toBeCloseTo(Math.sqrt((4 + 4 + 2 * 200 ** 2) / 5), 10);
  const wide = histogram(row(255, 0, 7), row(0, 255, 7), 255);
  expect(wide.counts.length % 2).toBe(1);
  expect([wide.counts[0], wide.counts[(wide.counts.length - 1) / 2], wide.counts.at(-1)]).toEqual([1, 1, 1]);
});

test('a picture of differences has mid-grey for none, and black and white at three deviations', () => {
  const { data } = differencePicture(row(100, 130, 70, 255), row(100, 100, 100, 0), 10);
  expect([...data]).toEqual([128, 255, 1, 255]);
});
