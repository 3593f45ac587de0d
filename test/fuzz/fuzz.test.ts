import { expect, test } from 'vitest';
import { fuzz } from './watch.ts';

/** A few seconds' worth; `npm run fuzz` does many more. */
const COUNT = 3000;

test('damaged files are read or refused, promptly and without a fault', { timeout: 120_000 }, async () => {
  const { inputs, counts, faults, hangs, slow } = await fuzz({ seed: 1, count: COUNT });
  expect({ faults, hangs, slow }).toEqual({ faults: [], hangs: [], slow: [] });
  expect(inputs).toBe(COUNT);
  // changes that come to nothing, and such that nothing survives, would find nothing
  for (const { image, 'invalid-image': invalid, 'image-too-large': large } of Object.values(counts)) {
    expect(image).toBeGreaterThan(COUNT / 50);
    expect(invalid).toBeGreaterThan(COUNT / 10);
    expect(large).toBeGreaterThan(0);
  }
});
