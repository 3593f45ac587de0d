import { describe, expect, it } from 'vitest';
import { deadLeaves } from '../../../cli/evaluation/scenes.ts';
import { addGaussian, gaussianNoise, withGaussian } from '../../../models/noise/add.ts';
import { sfc32 } from '../../../models/noise/random.ts';

const mean = (values: ArrayLike<number>, of = (value: number) => value) =>
  Array.from(values, of).reduce((a, b) => a + b, 0) / values.length;

describe('gaussianNoise', () => {
  const noise = gaussianNoise(200_001, 1);

  it('has the moments of a standard normal distribution', () => {
    expect(mean(noise)).toBeCloseTo(0, 2);
    expect(mean(noise, (x) => x ** 2)).toBeCloseTo(1, 1.5);
    expect(mean(noise, (x) => x ** 3)).toBeCloseTo(0, 1);
    expect(Math.abs(mean(noise, (x) => x ** 4) - 3)).toBeLessThan(0.1);
    expect(Math.abs(mean(noise, (x) => (x > 1 ? 1 : 0)) - 0.1587)).toBeLessThan(0.003);
  });

  it('is not correlated with its neighbours', () => {
    expect(mean(noise.subarray(1), (x) => x)).toBeCloseTo(0, 2);
    const products = Float64Array.from({ length: 200_000 }, (_, i) => (noise[i] as number) * (noise[i + 1] as number));
    expect(Math.abs(mean(products))).toBeLessThan(0.01); // 4.5 standard errors
  });

  it('follows from its seed, all 53 bits of it', () => {
    expect(gaussianNoise(7, 1)).toEqual(noise.subarray(0, 7));
    expect(gaussianNoise(7, 2)).not.toEqual(noise.subarray(0, 7));
    expect(gaussianNoise(7, 1 + 2 ** 40)).not.toEqual(noise.subarray(0, 7));
    expect(gaussianNoise(0, 1)).toHaveLength(0);
  });
});

describe('sfc32', () => {
  it('stays the same for ever: published figures depend on it', () => {
    const next = sfc32(1);
    expect([next(), next(), next()].map((value) => value * 2 ** 32)).toEqual([2012149540, 1872316204, 1707632675]);
  });
});

describe('addGaussian', () => {
  const image = deadLeaves(96, 64, 1);

  it('adds noise of the sigma asked for', () => {
    const { data } = addGaussian(image, 20, { seed: 1 });
    const squares = data.map((value, i) => (255 * (value - (image.data[i] as number))) ** 2);
    expect(Math.abs(Math.sqrt(mean(squares)) / 20 - 1)).toBeLessThan(0.02);
  });

  it('clips and rounds as a file does', () => {
    const { data } = addGaussian(image, 60, { seed: 1, eightBit: true });
    expect(Math.min(...data)).toBe(0);
    expect(Math.max(...data)).toBe(1);
    expect(data.every((value) => Math.abs(value * 255 - Math.round(value * 255)) < 1e-4)).toBe(true);
  });

  it('refuses a sigma that is none, and numbers that are too few', () => {
    expect(() => addGaussian(image, -1, { seed: 1 })).toThrow('sigma from 0 to 255');
    expect(() => addGaussian(image, Number.NaN, { seed: 1 })).toThrow('sigma from 0 to 255');
    expect(() => withGaussian(image, new Float32Array(7), 20)).toThrow('random numbers');
  });

  it('leaves the image itself alone', () => {
    const before = image.data.slice();
    addGaussian(image, 20, { seed: 1, eightBit: true });
    expect(image.data).toEqual(before);
    expect(addGaussian(image, 0, { seed: 1 }).data).toEqual(before);
  });
});
