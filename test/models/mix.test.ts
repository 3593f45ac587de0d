import { describe, expect, test } from 'vitest';
import { FULL_MIX, mixResidual } from '../../models/mix.ts';
import { largestDifference, randomFloat } from './pictures.ts';

const luma = (data: Float32Array, pixel: number) =>
  0.2126 * (data[3 * pixel] as number) +
  0.7152 * (data[3 * pixel + 1] as number) +
  0.0722 * (data[3 * pixel + 2] as number);

describe('mixing colour', () => {
  const noisy = randomFloat(7, 5, 3, 1);
  const residual = randomFloat(7, 5, 3, 2).data.map((value) => value - 0.5);
  const removedBy = (mix: Partial<typeof FULL_MIX>) => {
    const { data } = mixResidual(noisy, residual, { ...FULL_MIX, ...mix });
    return data.map((value, i) => (noisy.data[i] as number) - value);
  };

  test('in full removes the whole residual', () => {
    expect(largestDifference(removedBy({}), residual)).toBeLessThan(1e-6);
  });

  test('with strength 0 gives the input back, bit for bit', () => {
    expect(mixResidual(noisy, residual, { ...FULL_MIX, strength: 0 })).toEqual(noisy);
    expect(mixResidual(noisy, residual, { strength: 1, luma: 0, chroma: 0 })).toEqual(noisy);
  });

  test('removes in proportion to the strength', () => {
    expect(
      largestDifference(
        removedBy({ strength: 0.25 }),
        residual.map((value) => value / 4),
      ),
    ).toBeLessThan(1e-6);
  });

  test('splits into brightness and colour, which sum to the whole', () => {
    const brightness = removedBy({ chroma: 0 });
    const colour = removedBy({ luma: 0 });
    expect(
      largestDifference(
        brightness.map((value, i) => value + (colour[i] as number)),
        residual,
      ),
    ).toBeLessThan(1e-6);
    for (let pixel = 0; pixel < 35; pixel++) {
      // colour alone leaves the brightness; brightness alone is equal in all channels
      expect(luma(colour, pixel)).toBeCloseTo(0, 6);
      expect(brightness[3 * pixel]).toBeCloseTo(brightness[3 * pixel + 1] as number, 6);
      expect(brightness[3 * pixel]).toBeCloseTo(luma(residual, pixel), 6);
    }
  });

  test('leaves its arguments alone', () => {
    const before = [noisy.data.slice(), residual.slice()];
    mixResidual(noisy, residual, { strength: 0.3, luma: 0.5, chroma: 0.9 });
    expect([noisy.data, residual]).toEqual(before);
  });
});

test('grey has no colour to mix: chroma does nothing', () => {
  const noisy = randomFloat(7, 5, 1, 1);
  const residual = randomFloat(7, 5, 1, 2).data;
  const mixed = mixResidual(noisy, residual, { strength: 0.5, luma: 0.5, chroma: 1 });
  expect(mixed).toEqual(mixResidual(noisy, residual, { strength: 0.5, luma: 0.5, chroma: 0 }));
  expect(
    largestDifference(
      mixed.data,
      noisy.data.map((value, i) => value - (residual[i] as number) / 4),
    ),
  ).toBeLessThan(1e-6);
});
