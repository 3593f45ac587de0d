import { expect, test } from 'vitest';
import type { RasterImage } from '../../models/image.ts';
import { largestDifference, randomRaster } from '../models/pictures.ts';
import { bothWays, denoise, network, open } from './pictures.ts';

function shareOfDifferent(a: Int16Array, b: Int16Array): number {
  return a.reduce((count, value, i) => count + (value === b[i] ? 0 : 1), 0) / a.length;
}

/** px: several windows with a rest on both sides, less than a window and than the network's multiple, a line, a point. */
const SIZES = [
  [91, 53],
  [13, 21],
  [3, 2],
  [1, 37],
  [1, 1],
] as const;

test('the residual is that of windows cut in JavaScript: grey, colours and alpha, 8 and 16 bits, all sizes', async () => {
  const { engine, card } = await open();
  for (const channels of [1, 2, 3, 4] as const) {
    for (const depth of [8, 16] as const) {
      for (const [width, height] of SIZES) {
        const image = randomRaster(width, height, channels, depth);
        // nothing is fully transparent: that would be filled, and no longer be samples
        if (channels % 2 === 0) for (let i = channels - 1; i < image.data.length; i += channels) image.data[i] ||= 1;
        const { taken, cut, wasTaken } = await bothWays(engine, card, image);
        const what = `${width} x ${height}, ${channels} channels of ${depth} bits`;
        expect(wasTaken, what).toBe(true);
        expect(largestDifference(taken, cut), what).toBeLessThanOrEqual(1);
        // float32 where JavaScript has doubles, just where a step begins
        if (width > 90) expect(shareOfDifferent(taken, cut), what).toBeLessThan(0.003);
      }
    }
  }
});

test('what lies under transparent pixels is filled, and goes to the GPU as floats', async () => {
  const { engine, card } = await open();
  const image = randomRaster(91, 53, 4);
  for (let i = 3; i < 4000; i += 8) image.data[i] = 0;
  const { taken, cut, wasTaken } = await bothWays(engine, card, image);
  expect(wasTaken).toBe(true);
  expect(largestDifference(taken, cut)).toBeLessThanOrEqual(1);
});

test.each([
  ['a blind network', network(3, { blind: true }), 3, true],
  ['a network for grey', network(1), 1, true],
  ['a blind network for grey, and alpha', network(1, { blind: true }), 2, true],
  ['a network for grey, and colours, which are three answers: windows', network(1), 3, false],
] as const)('%s', async (_, files, channels, isTaken) => {
  const { engine, card } = await open(files);
  const { taken, cut, wasTaken } = await bothWays(engine, card, randomRaster(91, 53, channels));
  expect(wasTaken).toBe(isTaken);
  expect(largestDifference(taken, cut)).toBeLessThanOrEqual(1);
});

/** A network that answers `code`, of each `pixel` of a black picture of 8 x 8. */
async function residualOf(code: string, steps = 32767): Promise<number[]> {
  const { engine, card } = await open(network(1), (shader) =>
    shader
      .replace('const STEPS = 32767.0;', `const STEPS = ${steps}.0;`)
      .replace('+ channel] = value;', `+ channel] = ${code};`),
  );
  const black: RasterImage = { data: new Uint8Array(64), width: 8, height: 8, channels: 1, depth: 8 };
  return [...(await denoise(engine, card, black)).residual];
}

test('halves of a step go up, as those of Math.round do', async () => {
  // on a scale on which halves are exact
  const residual = await residualOf('(32.0 - f32(pixel)) / 65536.0', 32768);
  expect(residual).toEqual(residual.map((_, pixel) => Math.round((pixel - 32) / 2) + 0));
});

test('what is beyond -1..1 is cut there', async () => {
  const residual = await residualOf('(32.0 - f32(pixel)) / 16.0');
  expect(residual).toEqual(
    residual.map((_, pixel) => Math.round(Math.max(-1, Math.min(1, (pixel - 32) / 16)) * 32767) + 0),
  );
});

test.each([
  ['samples[index / 2u]', 'samples[index / 2u + 1u]'],
  ['folded < side', 'folded <= side'],
  ['<< 16u', '<< 8u'],
])('kernels that cut or subtract wrongly leave it to JavaScript: %s as %s', async (right, wrong) => {
  const { engine, card } = await open(network(3), (code) => code.replace(right, wrong));
  const { cut, taken, wasTaken } = await bothWays(engine, card, randomRaster(13, 21, 3));
  expect(wasTaken).toBe(false);
  expect(taken).toEqual(cut);
});
