import { describe, expect, test } from 'vitest';
import { levelAt, PLACES, placeOf, scaleOf } from '../../../client/lab/trials/levels.ts';
import { toldSigma } from '../../../client/lab/trials/told.ts';
import { NOISE_KINDS } from '../../../models/noise/kinds.ts';

describe.each(NOISE_KINDS.map((kind) => [kind.name, kind] as const))('the slider of %s', (name, kind) => {
  const scale = scaleOf(name);

  test('reaches all levels worth looking at, within the range of the kind', () => {
    expect(scale.from).toBeGreaterThanOrEqual(kind.range[0]);
    expect(scale.to).toBeLessThanOrEqual(kind.range[1]);
    for (const level of kind.levels) {
      expect(level).toBeGreaterThanOrEqual(scale.from);
      expect(level).toBeLessThanOrEqual(scale.to);
      expect(Math.abs(levelAt(placeOf(level, scale), scale) / level - 1)).toBeLessThan(0.06);
    }
  });

  test('goes from end to end', () => {
    expect(levelAt(0, scale)).toBe(scale.from);
    expect(levelAt(PLACES, scale)).toBe(scale.to);
    expect(placeOf(scale.from, scale)).toBe(0);
    expect(placeOf(scale.to * 10, scale)).toBe(PLACES);
  });
});

describe('what a denoiser is told', () => {
  const map = { sigma: { kind: 'map', min: 0, max: 55, correlatedGain: 1 } } as const;

  test('is sigma itself of white noise, and else what was added, as far as it takes it', () => {
    expect(toldSigma(map, { noise: 'gaussian', level: 25, deviation: 24.3 })).toBe(25);
    expect(toldSigma(map, { noise: 'poisson', level: 60, deviation: 19.5 })).toBe(19.5);
    expect(toldSigma(map, { noise: 'gaussian', level: 75, deviation: 70 })).toBe(55);
  });

  test('is nothing where it finds out itself', () => {
    expect(toldSigma({ sigma: { kind: 'blind' } }, { noise: 'gaussian', level: 25, deviation: 24 })).toBe('auto');
  });
});
