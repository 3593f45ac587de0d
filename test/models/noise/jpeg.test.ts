import { describe, expect, it } from 'vitest';
import { deadLeaves } from '../../../cli/evaluation/scenes.ts';
import { psnr, roundTo8Bit } from '../../../models/metrics.ts';
import { AREA, forwardDct, inverseDct } from '../../../models/noise/dct.ts';
import { jpeg } from '../../../models/noise/jpeg.ts';
import { quantisationSteps } from '../../../models/noise/jpeg-tables.ts';
import { flat } from './moments.ts';

const scene = roundTo8Bit(deadLeaves(61, 43, 2));

describe('jpeg', () => {
  it('loses next to nothing at quality 100', () => {
    expect(psnr(scene, jpeg(scene, { quality: 100, halfColour: false }))).toBeGreaterThan(45);
  });

  it('loses colour’s detail at half its resolution', () => {
    const [full, half] = [false, true].map((halfColour) => psnr(scene, jpeg(scene, { quality: 95, halfColour })));
    expect(half).toBeLessThan((full as number) - 1);
  });

  it.each([1, 50, 100])('keeps an even grey whatever the quality: %d', (quality) => {
    const grey = flat([128 / 255, 128 / 255, 128 / 255], 20, 9);
    expect(jpeg(grey, { quality, halfColour: true }).data).toEqual(grey.data);
  });

  it.each([
    [13, 12], // a sum of cosines just short of a half
    [127, 126],
    [129, 130],
    [131, 132],
  ])('rounds halves away from grey, as libjpeg: %d becomes %d in steps of 2', (level, wanted) => {
    const { data } = jpeg(flat([level / 255], 16), { quality: 50, halfColour: true });
    expect(new Set(data.map((value) => Math.round(value * 255)))).toEqual(new Set([wanted]));
  });

  it('shows its blocks: what is in one does not change another', () => {
    const before = jpeg(scene, { quality: 20, halfColour: false });
    const touched = { ...scene, data: scene.data.slice() };
    touched.data[0] = 1 - (touched.data[0] as number);
    const after = jpeg(touched, { quality: 20, halfColour: false });
    const changed = [...after.data.keys()].filter((i) => after.data[i] !== before.data[i]);
    expect(changed.length).toBeGreaterThan(20);
    for (const i of changed) {
      const pixel = Math.floor(i / 3);
      expect([pixel % 61 < 8, Math.floor(pixel / 61) < 8]).toEqual([true, true]);
    }
  });
});

describe('quantisationSteps', () => {
  it('are libjpeg’s', () => {
    expect(quantisationSteps('luma', 50).slice(0, 4)).toEqual([16, 11, 10, 16]);
    expect(quantisationSteps('luma', 75).slice(0, 4)).toEqual([8, 6, 5, 8]);
    expect(quantisationSteps('chroma', 90).slice(0, 4)).toEqual([3, 4, 5, 9]);
    expect(new Set(quantisationSteps('luma', 100))).toEqual(new Set([1]));
    expect(Math.max(...quantisationSteps('luma', 1))).toBe(255);
  });
});

describe('forwardDct', () => {
  it('is the orthonormal DCT-II', () => {
    const pixels = Float64Array.from({ length: AREA }, (_, i) => ((i * 37) % 64) - 20);
    const coefficients = new Float64Array(AREA);
    forwardDct(pixels, coefficients, 0);
    const wave = (k: number, x: number) =>
      Math.sqrt((k === 0 ? 1 : 2) / 8) * Math.cos((Math.PI * k * (2 * x + 1)) / 16);
    for (let i = 0; i < AREA; i++) {
      let sum = 0;
      pixels.forEach((pixel, at) => {
        sum += pixel * wave(Math.floor(i / 8), Math.floor(at / 8)) * wave(i % 8, at % 8);
      });
      expect(coefficients[i]).toBeCloseTo(sum, 10);
    }
  });
});

describe('inverseDct', () => {
  it('brings back what forwardDct took', () => {
    const pixels = Float64Array.from({ length: AREA }, (_, i) => ((i * 37) % 64) - 31);
    const coefficients = new Float64Array(AREA);
    forwardDct(pixels, coefficients, 0);
    inverseDct(coefficients);
    for (const [i, value] of pixels.entries()) expect(coefficients[i]).toBeCloseTo(value, 10);
  });
});
