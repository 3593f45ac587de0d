import { describe, expect, it } from 'vitest';
import { addNoiseFactor } from '../../../models/noise/add.ts';
import { addSaltAndPepper } from '../../../models/noise/impulses.ts';
import { addPoisson } from '../../../models/noise/photons.ts';
import { quantise } from '../../../models/noise/quantise.ts';
import { addSpeckle } from '../../../models/noise/speckle.ts';
import { channelOf, deviation, flat, mean } from './moments.ts';

/** Within a share of what is wanted. */
function expectAbout(value: number, wanted: number, share: number) {
  expect(Math.abs(value / wanted - 1)).toBeLessThan(share);
}

describe('addPoisson', () => {
  // One mean on each side of 32 photons, where exact quantiles end, and one photon, where no normal curve would do.
  it.each([
    [2, 0.5],
    [62, 0.5],
    [66, 0.5],
    [2000, 0.2],
  ])('counts photons: %d on white, at %d', (peak, brightness) => {
    const photons = addPoisson(flat([brightness], 200), peak, 1).data.map((value) => value * peak);
    const wanted = peak * brightness;
    expectAbout(mean(photons), wanted, 0.015);
    expectAbout(deviation(photons) ** 2, wanted, 0.03);
    const third = mean(Array.from(photons, (count) => (count - wanted) ** 3));
    expect(Math.abs(third / wanted ** 1.5 - wanted ** -0.5)).toBeLessThan(0.06); // skewness
    expect(photons.every((count) => Math.abs(count - Math.round(count)) < 1e-3)).toBe(true);
  });

  it('leaves black black, and counts the impossible as black and white', () => {
    expect(mean(addPoisson(flat([0], 20), 10, 1).data)).toBe(0);
    expect(addPoisson(flat([-1], 20), 10, 1)).toEqual(addPoisson(flat([0], 20), 10, 1));
    expect(addPoisson(flat([2], 20), 10, 1)).toEqual(addPoisson(flat([1], 20), 10, 1));
  });
});

describe('addSpeckle', () => {
  it('is as strong as the image is bright', () => {
    const image = addSpeckle(flat([0, 0.5, 1], 200), 40, 1);
    const deviations = [0, 1, 2].map((channel) => deviation(channelOf(image, channel)) * 255);
    expect(deviations[0]).toBe(0);
    expectAbout(deviations[1] as number, 20, 0.02);
    expectAbout(deviations[2] as number, 40, 0.02);
  });
});

describe('addSaltAndPepper', () => {
  const share = (data: Float32Array, wanted: number) => data.filter((value) => value === wanted).length / data.length;

  it('turns the share asked for, half of it black and half white, and nothing else', () => {
    const { data } = addSaltAndPepper(flat([0.5, 0.5, 0.5], 200), 0.2, 1);
    expectAbout(share(data, 0), 0.1, 0.03);
    expectAbout(share(data, 1), 0.1, 0.03);
    expect(share(data, 0) + share(data, 0.5) + share(data, 1)).toBeCloseTo(1, 12);
  });

  it('turns all or nothing at the ends of its range', () => {
    const image = flat([0.5], 100);
    expect(addSaltAndPepper(image, 0, 1)).toEqual(image);
    expect(share(addSaltAndPepper(image, 1, 1).data, 0.5)).toBe(0);
  });
});

describe('addNoiseFactor', () => {
  it('is Gaussian on the 0..1 scale, clipped', () => {
    expectAbout(deviation(addNoiseFactor(flat([0.5], 200), 0.1, 1).data), 0.1, 0.02);
    const { data } = addNoiseFactor(flat([0.5], 200), 0.8, 1);
    expect([Math.min(...data), Math.max(...data)]).toEqual([0, 1]);
  });
});

describe('quantise', () => {
  it('keeps as many values as asked, the nearest', () => {
    const ramp = { ...flat([0], 256, 1), data: Float32Array.from({ length: 256 }, (_, i) => i / 255) };
    const { data } = quantise(ramp, 4);
    expect(new Set(data)).toEqual(new Set(Float32Array.of(0, 1 / 3, 2 / 3, 1)));
    expect(Math.max(...data.map((value, i) => Math.abs(value - (ramp.data[i] as number))))).toBeLessThan(1 / 6 + 1e-6);
    expect(quantise(ramp, 256).data).toEqual(ramp.data);
  });
});
