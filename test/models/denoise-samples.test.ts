import { expect, test } from 'vitest';
import { denoise, denoiseSamples } from '../../models/denoise.ts';
import { mixSamples } from '../../models/mix-samples.ts';
import { RESIDUAL_STEPS, toFloats } from '../../models/residual.ts';
import { boxBlur, fakeEngine } from './engines.ts';
import { cardWith, largestDifference, randomRaster } from './pictures.ts';

const card = cardWith({
  halo: { exact: 8, measured: 8 },
  sizeMultiple: 8,
  sigma: { kind: 'map', min: 0, max: 55, correlatedGain: 1 },
});
const engine = () => fakeEngine(boxBlur(8), { maxTilePixels: 40 * 40 });

test.each([
  [1, 8],
  [2, 8],
  [3, 8],
  [4, 8],
  [3, 16],
  [4, 16],
] as const)(
  '%d channels of %d bits: samples come out as the floats of the whole pipeline do',
  async (channels, depth) => {
    const image = randomRaster(70, 50, channels, depth);
    if (channels === 2 || channels === 4) for (let i = channels - 1; i < 900; i += 2 * channels) image.data[i] = 0;
    const before = image.data.slice();
    const slow = await denoise(image, card, [engine()], { sigma: 25 });
    const quick = await denoiseSamples(image, card, [engine()], { sigma: 25 });
    expect(quick.plan).toEqual(slow.plan);
    // half a step of the residual, and float32's own rounding
    expect(largestDifference(toFloats(quick.residual), slow.residual)).toBeLessThan(0.51 / RESIDUAL_STEPS);
    for (const mix of [
      { strength: 1, luma: 1, chroma: 1 },
      { strength: 0.6, luma: 0.3, chroma: 0.9 },
      { strength: 0, luma: 1, chroma: 1 },
    ]) {
      const floats = slow.mix(mix);
      const mixed = mixSamples(image, quick.residual, mix);
      expect(mixed).toMatchObject({ width: 70, height: 50, channels, depth });
      let differing = 0;
      mixed.data.forEach((value, i) => {
        const off = Math.abs(value - (floats.data[i] as number));
        // a tie may fall to either side; of 16 bits, steps of the residual are two wide
        expect(off).toBeLessThanOrEqual(depth === 8 ? 1 : 2);
        if (off > 0) differing++;
      });
      if (depth === 8) expect(differing / mixed.data.length).toBeLessThan(0.01);
      if (mix.strength === 0) expect(mixed.data).toEqual(before);
    }
    expect(image.data).toEqual(before);
  },
);

test('the estimate is that of the floats', async () => {
  const image = randomRaster(90, 80, 3);
  const told = await Promise.all([denoise, denoiseSamples].map((run) => run(image, card, [engine()])));
  expect(told[0]?.sigma).toBeCloseTo(told[1]?.sigma as number, 4);
});

test('noise beyond the scale is cut, which nobody sees', async () => {
  const image = randomRaster(16, 16, 1);
  const wild = fakeEngine(({ input }) =>
    input.map((value, i) => (Math.floor(i / 3) % 2 === 0 ? value - 3 : value + 3)),
  );
  const { residual } = await denoiseSamples(image, { ...card, sigma: { kind: 'blind' } }, [wild]);
  const { data } = mixSamples(image, residual, { strength: 1, luma: 1, chroma: 1 });
  expect(residual.every((steps) => Math.abs(steps) <= RESIDUAL_STEPS)).toBe(true);
  expect(data.every((value) => value === 0 || value === 255)).toBe(true);
});
