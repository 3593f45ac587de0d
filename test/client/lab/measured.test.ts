import { expect, test } from 'vitest';
import { measuredOn } from '../../../client/lab/trials/measured.ts';
import { findCard } from '../../../models/catalog.ts';

test('a card says what was measured with white noise, and nothing where it was not', () => {
  const { metrics = [] } = findCard('nlm', '1.0.0') ?? {};
  expect(measuredOn(metrics)).toEqual([
    'Measured on Set12, white noise, mean over its images: σ\u00a015: 31.25 dB, σ\u00a025: 28.67 dB, σ\u00a050: 25.24 dB.',
  ]);
  expect(measuredOn(findCard('vae-mnist')?.metrics ?? [])).toEqual([]);
});
