import { expect, test } from 'vitest';
import { cardMetrics } from '../../cli/evaluation/card-metrics.ts';
import type { Cell } from '../../cli/evaluation/measurements.ts';

const cell = (changes: Partial<Cell>) =>
  ({
    ...{ noise: 'white', set: 'Set12', column: 'float', told: 'blind', level: 25, precision: 'q8', images: 12 },
    ...{ psnr: 29.97594, ssim: 0.85175, ...changes },
  }) as Cell;

test('a card says what was measured of white noise that the model was told or found itself, and where', () => {
  const others = [{ noise: 'camera' }, { set: 'CBSD68' }, { column: '8-bit' }, { told: 'auto' }] as const;
  const metrics = cardMetrics(
    [cell({}), cell({ told: 'known', level: 50 }), ...others.map(cell)],
    ['Set12'],
    ['float'],
  );
  expect(metrics.map(({ set, noise, sigma, psnr, ssim }) => ({ set, noise, sigma, psnr, ssim }))).toEqual([
    { set: 'Set12', noise: 'float', sigma: 25, psnr: 29.976, ssim: 0.85175 },
    { set: 'Set12', noise: 'float', sigma: 50, psnr: 29.976, ssim: 0.85175 },
  ]);
  expect(metrics[0]?.protocol).toMatch(/neither clipped nor rounded.*mean of 12 images/);
});
