import { describe, expect, it } from 'vitest';
import { blurred, deadLeaves } from '../../../cli/evaluation/scenes.ts';
import type { FloatImage } from '../../../models/image.ts';
import { addGaussian, gaussianNoise } from '../../../models/noise/add.ts';
import { estimateSigma } from '../../../models/noise/estimate.ts';

const scene = deadLeaves(320, 240, 1);
const greyScene = deadLeaves(320, 240, 2, 1);

/** Noise smoothed to a correlation of 0.45 between neighbours, as phones' is, at `sigma` overall. */
function addSmooth(image: FloatImage, sigma: number): FloatImage {
  const noise = blurred({ ...image, data: gaussianNoise(image.data.length, 5) }, 0.25);
  const meanSquare = noise.data.reduce((sum, value) => sum + value * value, 0) / noise.data.length;
  const scale = sigma / 255 / Math.sqrt(meanSquare);
  const eightBit = (value: number) => Math.round(Math.min(Math.max(value, 0), 1) * 255) / 255;
  return { ...image, data: image.data.map((value, i) => eightBit(value + scale * (noise.data[i] as number))) };
}

function filled(width: number, height: number, channels: 1 | 3, value: (i: number) => number): FloatImage {
  return {
    data: Float32Array.from({ length: width * height * channels }, (_, i) => value(i)),
    width,
    height,
    channels,
  };
}

describe('white noise', () => {
  const cases = [10, 25, 50].flatMap((sigma) => [false, true].map((eightBit) => ({ sigma, eightBit })));

  it.each(cases)('of $sigma in colour, 8 bit: $eightBit, is read to 5 %', ({ sigma, eightBit }) => {
    const estimate = estimateSigma(addGaussian(scene, sigma, { seed: 3, eightBit }));
    expect(estimate.kind).toBe('white');
    expect(estimate.sigma).toBe(estimate.fine);
    expect(Math.abs(estimate.sigma / sigma - 1)).toBeLessThan(0.05);
  });

  it.each(cases)('of $sigma in grey, 8 bit: $eightBit, is read to 7 %', ({ sigma, eightBit }) => {
    const estimate = estimateSigma(addGaussian(greyScene, sigma, { seed: 3, eightBit }));
    expect(estimate.kind).toBe('white');
    expect(Math.abs(estimate.sigma / sigma - 1)).toBeLessThan(0.07);
  });

  it('is read in dark pictures, most of which it is clipped in', () => {
    const dark = { ...scene, data: scene.data.map((value) => value * 0.3) };
    const { sigma } = estimateSigma(addGaussian(dark, 40, { seed: 3, eightBit: true }));
    expect(Math.abs(sigma / 40 - 1)).toBeLessThan(0.05);
  });

  it('is read beside borders that have none', () => {
    const noisy = addGaussian(scene, 20, { seed: 3, eightBit: true });
    const bars = noisy.data.map((value, i) => (i < noisy.data.length / 3 ? 0.2 : value));
    const { sigma } = estimateSigma({ ...noisy, data: bars });
    expect(Math.abs(sigma / 20 - 1)).toBeLessThan(0.05);
  });

  it('is fed no higher than the network was trained for', () => {
    const noisy = addGaussian(scene, 80, { seed: 3 });
    expect(estimateSigma(noisy).sigma).toBe(55);
    expect(estimateSigma(noisy, { highest: 30 }).sigma).toBe(30);
  });
});

describe('correlated noise', () => {
  it.each([8, 15, 30])('of %d is recognised, and fed higher than its fine part', (sigma) => {
    const estimate = estimateSigma(addSmooth(scene, sigma));
    expect(estimate.kind).toBe('correlated');
    expect(estimate.fine).toBeLessThan(sigma);
    expect(estimate.sigma).toBeGreaterThan(sigma);
    expect(estimate.sigma).toBeLessThan(2.5 * sigma);
  });

  it('is recognised in grey', () => {
    expect(estimateSigma(addSmooth(greyScene, 15)).kind).toBe('correlated');
  });

  it('is fed by what the network makes of it', () => {
    const noisy = addSmooth(scene, 10);
    expect(estimateSigma(noisy, { gain: 2 }).sigma).toBeCloseTo(2 * estimateSigma(noisy, { gain: 1 }).sigma, 5);
  });

  it('counts all colours, not the quietest only', () => {
    const even = addSmooth(scene, 15);
    const blueOnly = (value: number, i: number) => (i % 3 === 2 ? value : (value + (scene.data[i] as number)) / 2);
    const data = even.data.map(blueOnly);
    const uneven = estimateSigma({ ...even, data }, { gain: 1 });
    expect(uneven.coarse).toBeLessThan(0.6 * estimateSigma(even).coarse);
    expect(uneven.sigma / uneven.coarse).toBeGreaterThan(1.1);
  });
});

describe('colours at half resolution, as in most JPEGs', () => {
  it('are read by their luma', () => {
    const noisy = addGaussian(scene, 15, { seed: 3 });
    const data = noisy.data.slice();
    const { width, height } = noisy;
    for (let y = 0; y + 1 < height; y += 2) {
      for (let x = 0; x + 1 < width; x += 2) {
        const block = [0, 1, width, width + 1].map((offset) => (y * width + x + offset) * 3);
        const luma = (at: number) =>
          0.299 * (data[at] as number) + 0.587 * (data[at + 1] as number) + 0.114 * (data[at + 2] as number);
        const lumas = block.map(luma);
        const meanLuma = lumas.reduce((a, b) => a + b, 0) / 4;
        for (const c of [0, 1, 2]) {
          const mean = block.reduce((sum, at) => sum + (noisy.data[at + c] as number), 0) / 4;
          block.forEach((at, i) => {
            data[at + c] = mean - meanLuma + (lumas[i] as number);
          });
        }
      }
    }
    const { sigma, fine } = estimateSigma({ ...noisy, data });
    expect(fine).toBeLessThan(3);
    expect(sigma).toBeGreaterThan(12);
    expect(sigma).toBeLessThan(25);
  });
});

describe('what needs nothing', () => {
  const nothing = { sigma: 0, kind: 'clean' };

  it('is a clean photograph, in colour and grey', () => {
    expect(estimateSigma(scene)).toMatchObject(nothing);
    expect(estimateSigma(greyScene)).toMatchObject(nothing);
  });

  it.each([
    ['black', filled(100, 80, 3, () => 0)],
    ['white', filled(100, 80, 3, () => 1)],
    ['one grey', filled(100, 80, 1, () => 0.5)],
    ['a ramp', filled(100, 80, 3, (i) => i / 24000)],
    ['a drawing of two colours', filled(128, 128, 3, (i) => (((i / 3) & 32) > 0 ? 0.9 : 0.2))],
    ['a chessboard of pixels', filled(128, 128, 1, (i) => (i + (i >> 7)) & 1)],
  ])('is %s', (_, image) => {
    const estimate = estimateSigma(image);
    expect(estimate).toMatchObject(nothing);
    expect(Number.isNaN(estimate.fine + estimate.coarse)).toBe(false);
  });

  it.each([
    [1, 1],
    [7, 300],
    [300, 8],
    [16, 16],
    [31, 31],
  ])('is too small to tell: %d x %d', (width, height) => {
    const noise = filled(width, height, 3, (i) => (i * 7919) % 2);
    expect(estimateSigma(noise)).toEqual({ sigma: 0, fine: 0, coarse: 0, kind: 'clean' });
  });
});

describe('estimateSigma', () => {
  it('is finite for the smallest image that it reads', () => {
    const noisy = addGaussian(
      filled(32, 32, 3, () => 0.5),
      20,
      { seed: 1 },
    );
    expect(Math.abs(estimateSigma(noisy).sigma / 20 - 1)).toBeLessThan(0.1);
  });

  it('reads RGB that is grey as grey', () => {
    const grey = addGaussian(greyScene, 20, { seed: 3, eightBit: true });
    const rgb = filled(320, 240, 3, (i) => grey.data[Math.floor(i / 3)] as number);
    expect(estimateSigma(rgb)).toEqual(estimateSigma(grey));
  });

  it('passes over what is no number', () => {
    const { data } = addGaussian(scene, 20, { seed: 3, eightBit: true });
    const holes = data.map((value, i) => (i % 10_000 === 0 ? Number.NaN : i % 10_000 === 5000 ? Infinity : value));
    expect(Math.abs(estimateSigma({ ...scene, data: holes }).sigma / 20 - 1)).toBeLessThan(0.05);
    expect(estimateSigma({ ...scene, data: data.map(() => Number.NaN) }).sigma).toBe(0);
  });

  it('gives the same answer twice, and leaves the image as it is', () => {
    const noisy = addGaussian(scene, 15, { seed: 3 });
    const before = noisy.data.slice();
    expect(estimateSigma(noisy)).toEqual(estimateSigma(noisy));
    expect(noisy.data).toEqual(before);
  });
});
