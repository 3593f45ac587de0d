import { describe, expect, test } from 'vitest';
import { denoise, denoiseFloat } from '../../models/denoise.ts';
import type { RasterImage } from '../../models/image.ts';
import { fromRaster } from '../../models/image.ts';
import { planTiles } from '../../models/tiles.ts';
import { boxBlur, fakeEngine, identity } from './engines.ts';
import { cardWith, filterCard, largestDifference, randomFloat, randomRaster } from './pictures.ts';

const HALO = 8;
const card = cardWith({
  halo: { exact: HALO, measured: HALO },
  sizeMultiple: 8,
  sigma: { kind: 'map', min: 0, max: 55, correlatedGain: 1 },
});
const whole = { maxTilePixels: 2 ** 20 };

describe('tiled equals untiled', () => {
  test.each([
    [137, 91, 3],
    [91, 137, 3],
    [64, 200, 1],
    [41, 300, 3],
    [5, 3, 3],
    [1, 1, 1],
  ] as const)('bit for bit, for an operator that the halo holds: %d x %d x %d', async (width, height, channels) => {
    const noisy = randomFloat(width, height, channels);
    const [tiles, once] = [fakeEngine(boxBlur(HALO), { maxTilePixels: 40 * 40 }), fakeEngine(boxBlur(HALO), whole)];
    const tiled = await denoiseFloat(noisy, card, [tiles], { sigma: 25 });
    const untiled = await denoiseFloat(noisy, card, [once], { sigma: 25 });
    expect(once.calls.length).toBe(1);
    expect(tiles.calls.length).toBe(tiled.plan?.tiles.length);
    if (width > 40) expect(tiles.calls.length).toBeGreaterThan(4);
    expect(tiled.residual).toEqual(untiled.residual);
  });

  test('but not for one that reaches further: the test would see a seam', async () => {
    const noisy = randomFloat(137, 91, 3);
    const blur = boxBlur(HALO + 1);
    const tiled = await denoiseFloat(noisy, card, [fakeEngine(blur, { maxTilePixels: 40 * 40 })], { sigma: 25 });
    const untiled = await denoiseFloat(noisy, card, [fakeEngine(blur, whole)], { sigma: 25 });
    expect(largestDifference(tiled.residual, untiled.residual)).toBeGreaterThan(1e-3);
  });
});

describe('every kind of image', () => {
  test.each(
    ([1, 2, 3, 4] as const).flatMap((channels) => ([8, 16] as const).map((depth) => [channels, depth] as const)),
  )('%d channels of %d bits stay that, and keep their alpha', async (channels, depth) => {
    const image = randomRaster(70, 50, channels, depth);
    const { image: result } = await denoise(image, card, [fakeEngine(boxBlur(2))], { sigma: 25 });
    expect(result).toMatchObject({ width: 70, height: 50, channels, depth });
    expect(result.data.constructor).toBe(image.data.constructor);
    expect(fromRaster(result).alpha).toEqual(fromRaster(image).alpha);
    expect(result.data).not.toEqual(image.data);
  });

  test('16 bits are not 8 bits in disguise', async () => {
    const image = randomRaster(32, 32, 3, 16);
    const { image: result } = await denoise(image, card, [fakeEngine(identity)], { sigma: 25 });
    expect(largestDifference(result.data, image.data)).toBeLessThanOrEqual(1);
  });

  test('colours that nobody sees neither change nor reach those that are seen', async () => {
    const image = randomRaster(40, 24, 4);
    const hidden = (data: RasterImage['data'], colour: number) => {
      const changed = data.slice();
      for (let i = 0; i < changed.length; i += 4) {
        changed[i + 3] = (i / 4) % 40 < 17 ? 0 : 200;
        if (changed[i + 3] === 0) changed.fill(colour, i, i + 3);
      }
      return { ...image, data: changed };
    };
    const [black, white] = [hidden(image.data, 0), hidden(image.data, 255)];
    const results = [];
    for (const each of [black, white]) {
      const result = await denoise(each, card, [fakeEngine(boxBlur(4))], { sigma: 25 });
      results.push(result.image.data);
      for (const [i, before] of each.data.entries()) {
        if (each.data[i - (i % 4) + 3] === 0) expect(result.image.data[i]).toBe(before);
      }
    }
    const seen = (data: RasterImage['data'] | undefined) => data?.filter((_, i) => Math.floor(i / 4) % 40 >= 17);
    expect(seen(results[0])).toEqual(seen(results[1]));
  });
});

describe('sigma', () => {
  const image = randomRaster(40, 24, 3);

  test('reaches the network as a map of sigma / 255', async () => {
    const engine = fakeEngine(identity);
    const result = await denoise(image, card, [engine], { sigma: 51 });
    expect(result.sigma).toBe(51);
    expect(new Set(engine.calls.flatMap(({ input }) => [...input.filter((_, i) => i % 4 === 3)]))).toEqual(
      new Set([Math.fround(0.2)]),
    );
  });

  test('0 returns the input, and opens no engine', async () => {
    for (const each of [image, randomRaster(9, 9, 4, 16)]) {
      const engine = fakeEngine(() => new Float32Array(0));
      const result = await denoise(each, card, [engine], { sigma: 0 });
      expect(result.image).toEqual(each);
      expect(result).toMatchObject({ sigma: 0, engine: 'none', plan: undefined });
      expect(result.mix({ strength: 0.5 })).toEqual(each);
      expect(engine.opened).toBe(0);
    }
  });

  test('estimated is told, and no higher than the network was trained for', async () => {
    const told: (number | undefined)[] = [];
    const onEstimate = (sigma: number | undefined) => told.push(sigma);
    const weak = { ...card, sigma: { kind: 'map' as const, min: 0, max: 20, correlatedGain: 1 } };
    // independent pixels are noise of about 74
    const result = await denoise(randomRaster(80, 80, 3), weak, [fakeEngine(identity, whole)], { onEstimate });
    expect(result.sigma).toBe(20);
    expect(told).toEqual([20]);
  });

  test.each<[object, RegExp]>([
    [{ sigma: -1 }, /sigma to be 'auto' or a number from 0 to 55 but received -1/],
    [{ sigma: 55.1 }, /sigma/],
    [{ sigma: Number.NaN }, /sigma/],
    [{ sigma: 'much' }, /sigma .* received much/],
    [{ strength: 1.01 }, /strength to be a number from 0 to 1/],
    [{ strength: Number.NaN }, /strength/],
    [{ luma: -0.1 }, /luma/],
    [{ chroma: 2 }, /chroma/],
  ])('and mix out of range are refused: %o', async (options, message) => {
    await expect(denoise(image, card, [fakeEngine(identity)], { sigma: 25, ...options })).rejects.toThrow(message);
    await expect(denoise(image, card, [fakeEngine(identity)], { sigma: 25, ...options })).rejects.toMatchObject({
      code: 'bad-request',
    });
  });
});

describe('mixing', () => {
  test('again equals asking for it at once, without running the network', async () => {
    const image = randomRaster(70, 50, 4);
    const engine = fakeEngine(boxBlur(2));
    const mix = { strength: 0.7, luma: 0.4, chroma: 0.9 };
    const full = await denoise(image, card, [engine], { sigma: 25 });
    const runs = engine.calls.length;
    const mixed = full.mix(mix);
    expect(engine.calls.length).toBe(runs);
    expect(mixed).toEqual((await denoise(image, card, [engine], { sigma: 25, ...mix })).image);
    expect(full.mix({ strength: 0 })).toEqual(image);
    expect(full.mix({})).toEqual(full.image);
    expect(() => full.mix({ luma: 3 })).toThrow(/luma/);
  });

  test('options that are undefined are the defaults', async () => {
    const image = randomRaster(30, 20, 3);
    const options = { sigma: 25, strength: undefined, luma: undefined } as unknown as { sigma: number };
    const result = await denoise(image, card, [fakeEngine(boxBlur(2))], options);
    expect(result.image).toEqual((await denoise(image, card, [fakeEngine(boxBlur(2))], { sigma: 25 })).image);
  });
});

describe('what arrives on the way', () => {
  test('are the pixels of the result, tile by tile', async () => {
    const image = randomRaster(150, 100, 3);
    const pieces = new Uint8Array(image.data.length);
    const counts: number[] = [];
    let planned = 0;
    const result = await denoise(image, card, [fakeEngine(boxBlur(3))], {
      sigma: 25,
      strength: 0.6,
      onPlan: ({ tiles }) => {
        planned = tiles.length;
      },
      onTile: ({ tile, image: piece, done, total }) => {
        expect([piece.width, piece.height, total]).toEqual([tile.width, tile.height, planned]);
        counts.push(done);
        for (let y = 0; y < tile.height; y++) {
          const row = piece.data.subarray(y * tile.width * 3, (y + 1) * tile.width * 3);
          pieces.set(row, ((tile.y + y) * 150 + tile.x) * 3);
        }
      },
    });
    expect(counts.length).toBeGreaterThan(4);
    expect(counts).toEqual(counts.map((_, i) => i + 1));
    expect(pieces).toEqual(result.image.data);
  });

  test('timings add up on the clock that was given', async () => {
    let clock = 0;
    const engine = fakeEngine((call) => {
      clock += 10;
      return identity(call);
    });
    const { timings } = await denoise(randomRaster(150, 100, 3), card, [engine], { sigma: 25, now: () => clock });
    expect(timings).toEqual({ estimate: 0, open: 0, tiles: 10 * engine.calls.length, total: 10 * engine.calls.length });
  });

  test('a plan made elsewhere is followed, one for another image refused', async () => {
    const engine = fakeEngine(boxBlur(2));
    const plan = planTiles(150, 100, { halo: 16, sizeMultiple: 8 }, { maxTilePixels: 80 * 80 });
    const result = await denoise(randomRaster(150, 100, 3), card, [engine], { sigma: 25, plan });
    expect(result.plan).toBe(plan);
    expect(engine.calls.length).toBe(plan.tiles.length);
    await expect(denoise(randomRaster(150, 99, 3), card, [engine], { sigma: 25, plan })).rejects.toMatchObject({
      code: 'bad-request',
    });
  });
});

describe('models of other kinds', () => {
  test('a blind one is told nothing, and says nothing of sigma', async () => {
    const blind = { ...card, sigma: { kind: 'blind' as const } };
    const engine = fakeEngine(({ input }) => input.map((value) => value - 0.25), whole);
    const told: (number | undefined)[] = [];
    const noisy = randomFloat(40, 24, 3);
    const result = await denoiseFloat(noisy, blind, [engine], { onEstimate: (sigma) => told.push(sigma) });
    expect(engine.calls[0]?.input).toHaveLength(40 * 24 * 3);
    expect([result.sigma, told]).toEqual([undefined, [undefined]]);
    expect(largestDifference(result.residual, new Float32Array(40 * 24 * 3).fill(0.25))).toBeLessThan(1e-6);
    await expect(denoiseFloat(noisy, blind, [engine], { sigma: 25 })).rejects.toMatchObject({
      code: 'bad-request',
      expected: expect.stringContaining('finds the noise itself'),
    });
  });

  test('one for grey takes the colours of an image one after the other', async () => {
    const grey = { ...card, channels: { input: 1 as const, output: 1 as const }, sigma: { kind: 'blind' as const } };
    let run = 0;
    const engine = fakeEngine(({ input }) => {
      const taken = run++ / 8;
      return input.map((value) => value - taken);
    }, whole);
    const { residual } = await denoiseFloat(randomFloat(16, 8, 3), grey, [engine]);
    expect(engine.calls.map(({ input }) => input.length)).toEqual([128, 128, 128]);
    const expected = residual.map((_, i) => (i % 3) / 8);
    expect(largestDifference(residual, expected)).toBeLessThan(1e-6);
  });

  test('a filter gets grey as grey and colour as colour, with the noise map', async () => {
    for (const channels of [1, 3] as const) {
      const engine = fakeEngine(({ height, width }) => new Float32Array(height * width * channels), whole);
      await denoiseFloat(randomFloat(16, 8, channels), filterCard(), [engine], { sigma: 51 });
      const input = engine.calls[0]?.input as Float32Array;
      expect(input).toHaveLength(128 * (channels + 1));
      expect(input[channels]).toBeCloseTo(0.2, 6);
    }
  });

  test('one of a fixed size refuses every other', async () => {
    const digits = { ...card, size: { width: 24, height: 16 } };
    await expect(denoiseFloat(randomFloat(16, 24, 3), digits, [fakeEngine(identity)])).rejects.toMatchObject({
      code: 'bad-request',
      expected: `an image of 24 x 16 pixels for ${card.id}`,
      received: '16 x 24',
    });
    await denoiseFloat(randomFloat(24, 16, 3), digits, [fakeEngine(identity)], { sigma: 25 });
  });
});
