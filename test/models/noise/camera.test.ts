import { describe, expect, it } from 'vitest';
import { deadLeaves } from '../../../cli/evaluation/scenes.ts';
import { DegrainError } from '../../../models/errors.ts';
import { roundTo8Bit } from '../../../models/metrics.ts';
import { demosaic } from '../../../models/noise/bayer.ts';
import { addCameraNoise, phoneSensor, type Sensor, withCameraNoise } from '../../../models/noise/camera.ts';
import { decodeSrgb, encodeSrgb } from '../../../models/noise/tone.ts';
import { autocorrelation, channelOf, deviation, flat } from './moments.ts';

const sensor: Sensor = { shot: 0.01, read: 1e-4, redGain: 2, blueGain: 1.7, demosaic: 'malvar' };
const size = 160;

/** Standard deviations in red, green and blue of a grey of some brightness, 0..255. */
function deviations(brightness: number, changed: Partial<Sensor> = {}): number[] {
  const image = addCameraNoise(flat([brightness, brightness, brightness], size), { ...sensor, ...changed }, 1);
  return [0, 1, 2].map((channel) => 255 * deviation(channelOf(image, channel)));
}

describe('addCameraNoise', () => {
  it('has the variance that its sensor says, through the slope of the tone curve', () => {
    const light = decodeSrgb(0.5);
    const slope = (encodeSrgb(light + 1e-5) - encodeSrgb(light - 1e-5)) / 2e-5;
    const image = addCameraNoise(flat([0.5], size), { ...sensor, shot: 1e-3 }, 1); // grey: no mosaic
    const wanted = 255 * slope * Math.sqrt(1e-3 * light + 1e-4);
    expect(Math.abs((255 * deviation(image.data)) / wanted - 1)).toBeLessThan(0.03);
  });

  it('is stronger in red and blue, by the root of their gains', () => {
    const [red, green, blue] = deviations(0.5, { read: 0, shot: 1e-3, demosaic: 'bilinear' }) as [
      number,
      number,
      number,
    ];
    // Bilinear demosaicing leaves green 5/8 of its variance (1/2 (1 + 1/4)), and red and blue 9/16.
    expect(Math.abs(red / green / Math.sqrt((2 * 9) / 10) - 1)).toBeLessThan(0.05);
    expect(Math.abs(blue / green / Math.sqrt((1.7 * 9) / 10) - 1)).toBeLessThan(0.05);
  });

  it('is weaker where the file is bright', () => {
    expect(deviations(0.8)[1]).toBeLessThan(0.8 * (deviations(0.25)[1] as number));
  });

  it('is alike in neighbours only, as phones’ is', () => {
    const image = addCameraNoise(flat([0.5, 0.5, 0.5], size), sensor, 1);
    for (const channel of [0, 1, 2]) {
      expect(autocorrelation(channelOf(image, channel), 1)).toBeGreaterThan(0.2);
      expect(Math.abs(autocorrelation(channelOf(image, channel), 4))).toBeLessThan(0.05);
    }
  });

  it('gives values that a file can hold', () => {
    const noisy = addCameraNoise(deadLeaves(40, 30, 1), { ...sensor, shot: 0.2 }, 1);
    expect(noisy.data).toEqual(roundTo8Bit(noisy).data);
    expect([Math.min(...noisy.data), Math.max(...noisy.data)]).toEqual([0, 1]);
  });

  it('changes nothing without noise', () => {
    const scene = roundTo8Bit(deadLeaves(40, 30, 1));
    const silent = addCameraNoise(scene, { ...sensor, shot: 0, read: 0 }, 1);
    expect(silent.data).toEqual(scene.data);
  });

  it.each([{ shot: -0.1 }, { read: 2 }, { redGain: 0.5 }, { blueGain: Number.NaN }])(
    'refuses a sensor with %o',
    (wrong) => {
      expect(() => addCameraNoise(flat([0.5], 4), { ...sensor, ...wrong }, 1)).toThrow(DegrainError);
    },
  );

  it('refuses a mosaic too small to be read, and too few numbers', () => {
    expect(() => addCameraNoise(flat([0.5, 0.5, 0.5], 2), sensor, 1)).toThrow('at least 3 x 3 px');
    expect(() => withCameraNoise(flat([0.5], 4), new Float32Array(15), sensor)).toThrow('16 random numbers');
  });
});

describe('phoneSensor', () => {
  it('is noisier at a higher ISO', () => {
    expect(phoneSensor(6400).shot).toBeCloseTo(0.0115, 3);
    expect(phoneSensor(6400).read).toBeGreaterThan(phoneSensor(1600).read);
  });
});

describe('demosaic', () => {
  const [width, height] = [12, 10];
  const plane = (value: (x: number, y: number) => number) =>
    Float64Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width)));

  it.each(['bilinear', 'malvar'] as const)(
    '%s finds the values of a slope, away from the mirrored borders',
    (method) => {
      const slope = plane((x, y) => 0.2 + 0.03 * x + 0.02 * y);
      const colours = demosaic(slope, width, height, method);
      for (let y = 2; y < height - 2; y++) {
        for (let x = 2; x < width - 2; x++) {
          const at = y * width + x;
          for (const c of [0, 1, 2]) expect(colours[at * 3 + c]).toBeCloseTo(slope[at] as number, 12);
        }
      }
    },
  );

  it.each(['bilinear', 'malvar'] as const)('%s finds one colour everywhere, borders included', (method) => {
    const red = plane((x, y) => (x % 2 === 0 && y % 2 === 0 ? 1 : 0));
    const wanted = Float64Array.from({ length: width * height * 3 }, (_, i) => (i % 3 === 0 ? 1 : 0));
    expect(demosaic(red, width, height, method)).toEqual(wanted);
  });
});
