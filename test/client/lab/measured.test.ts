import { expect, test } from 'vitest';
import { measuredOn } from '../../../client/lab/trials/measured.ts';
import { findCard } from '../../../models/catalog.ts';

test('a card says what was measured with white noise, and nothing where it was not', () => {
  const { metrics = [] } = findCard('nlm', '1.0.0') ?? {};
  expect(measuredOn(metrics)).toEqual([
    'Measured on Set12, white noise, mean over its images: σ 15: 31.25 dB, σ 25: 28.67 dB, σ 50: 25.24 dB.',
  ]);
  expect(measuredOn(findCard('vae-mnist')?.metrics ?? [])).toEqual([]);
});
