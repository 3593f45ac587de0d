import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NetworkCard } from '../../models/card.ts';
import { denoiseFloat } from '../../models/denoise.ts';
import { type EngineSource, openTfjsEngine, type TileEngine } from '../../models/engine.ts';
import type { FloatImage } from '../../models/image.ts';
import { addGaussian } from '../../models/noise/add.ts';
import { largestDifference } from './pictures.ts';
import { loadNetwork, networkNames, readNetwork } from './published.ts';

/** Slopes, edges at all angles and fine stripes: what a network looks at from far away. */
function scene(width: number, height: number): FloatImage {
  const data = new Float32Array(width * height * 3);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const disc = Math.hypot(x - 0.4 * width, y - 0.6 * height) < 0.3 * height ? 0.35 : 0;
      const stripes = x > 0.6 * width ? 0.2 * Math.sign(Math.sin(0.9 * x + 0.02 * y * y)) : 0;
      const roof = y < 0.3 * height && y > 0.4 * Math.abs(x - 0.5 * width) ? -0.25 : 0;
      for (let c = 0; c < 3; c++) data[to++] = 0.3 + (0.2 * x) / width + disc * (1 - 0.3 * c) + stripes + roof;
    }
  }
  return { data, width, height, channels: 3 };
}

const HALF_STEP = 0.5 / 255;

/** Whose tiles depend on a bounded neighbourhood, and which can be checked on two cores while somebody waits. */
const LARGEST_GMACS_PER_MEGAPIXEL = 300;
const names = networkNames.filter((name) => {
  const { size, halo, gmacsPerMegapixel } = readNetwork(name);
  return size === undefined && halo.exact !== null && gmacsPerMegapixel <= LARGEST_GMACS_PER_MEGAPIXEL;
});

describe.each(names)('%s, on tiles and on the whole', (name) => {
  let engine: TileEngine;
  let card: NetworkCard;
  let sigma: number | 'auto';
  beforeAll(async () => {
    const files = await loadNetwork(name, 'f16');
    card = files.card;
    sigma = card.sigma.kind === 'map' ? card.sigma.max : 'auto';
    engine = await openTfjsEngine('wasm', 'wasm', files);
  });
  afterAll(() => engine.dispose());

  /** The largest difference of any pixel, and into how many tiles it was cut. */
  async function difference(halo: number): Promise<{ largest: number; tiles: number }> {
    const { sizeMultiple } = card;
    const side = 2 * halo + 8 * sizeMultiple;
    const clean = scene(side + 5 * sizeMultiple + 3, side + 3 * sizeMultiple + 1);
    const noisy = addGaussian(clean, sigma === 'auto' ? 50 : sigma, { seed: 4 });
    const run = async (maxTilePixels: number) => {
      const source: EngineSource = { name: 'wasm', maxTilePixels, open: async () => engine };
      const asked = { ...card, halo: { exact: halo, measured: halo } };
      return await denoiseFloat(noisy, asked, [source], { sigma });
    };
    const [tiled, whole] = [await run(side * side), await run(2 ** 22)];
    expect(whole.plan?.tiles.length).toBe(1);
    return { largest: largestDifference(tiled.residual, whole.residual), tiles: tiled.plan?.tiles.length ?? 0 };
  }

  test('at the measured halo nobody can see where it was cut', async () => {
    const { largest, tiles } = await difference(card.halo.measured);
    expect(tiles).toBeGreaterThan(1);
    expect(largest).toBeLessThanOrEqual(HALF_STEP);
  });

  test('at the exact halo there is nothing to see', async () => {
    const { largest, tiles } = await difference(card.halo.exact as number);
    expect(tiles).toBeGreaterThan(1);
    expect(largest).toBeLessThan(1e-4);
  });

  test('without a halo anyone could', async () => {
    const { largest, tiles } = await difference(0);
    expect(tiles).toBeGreaterThan(1);
    expect(largest).toBeGreaterThan(HALF_STEP);
  });
});
