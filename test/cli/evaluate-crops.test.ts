import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { drawCrops } from '../../cli/evaluation/crops/draw.ts';
import { fileOf, middle, PICTURES, sideBySide } from '../../cli/evaluation/crops/pictures.ts';
import { deadLeaves } from '../../cli/evaluation/scenes.ts';
import { readPng } from '../../cli/images.ts';
import { type RasterImage, toRaster } from '../../models/image.ts';
import { encodePng } from '../../worker/png/codec.ts';
import { cardWith, filterCard } from '../models/pictures.ts';
import { mirror } from './evaluate-cells.ts';
import { temporaryFolder } from './run.ts';

const filled = (value: number): RasterImage => ({
  data: new Uint8Array(2 * 2 * 3).fill(value),
  width: 2,
  height: 2,
  channels: 3,
  depth: 8,
});

const red = (image: RasterImage, x: number, y: number) => image.data[(y * image.width + x) * image.channels];

test('panels stand side by side in rows of four, with white between them', () => {
  const whole = sideBySide([10, 20, 30, 40, 50].map(filled));
  expect([whole.width, whole.height]).toEqual([4 * 2 + 3 * 4, 2 * 2 + 4]);
  expect([0, 1, 2, 5, 6, 12, 18].map((x) => red(whole, x, 1))).toEqual([10, 10, 255, 255, 20, 30, 40]);
  expect([0, 6].map((x) => red(whole, x, 7))).toEqual([50, 255]);
  expect(sideBySide([filled(1), filled(2)]).width).toBe(8);
});

test('the middle is shown, pixel by pixel', () => {
  const data = Uint8Array.from({ length: 6 * 4 }, (_, i) => i);
  expect(middle({ data, width: 6, height: 4, channels: 1, depth: 8 }, 2).data).toEqual(Uint8Array.of(8, 9, 14, 15));
});

test('every picture is drawn, from noisy to clean, and tells what it shows', async () => {
  const results = await temporaryFolder();
  await mkdir(join(results, 'photographs'));
  const clean = toRaster(deadLeaves(256, 256, 1), undefined, 8);
  for (const { photograph } of PICTURES) {
    await writeFile(join(results, 'photographs', `${photograph}.png`), await encodePng(clean));
  }
  const cards = [filterCard(), cardWith({ sigma: { kind: 'blind' } })];
  await drawCrops(results, cards, async (card) => ({ card, engine: mirror() }));
  const captions = JSON.parse(await readFile(join(results, 'crops', 'captions.json'), 'utf8'));
  expect(Object.keys(captions)).toEqual(PICTURES.map(fileOf));
  const [first] = PICTURES.map(fileOf) as [string];
  expect(captions[first]).toMatch(
    /CC0\. White Gaussian.*: 25\. Row by row: noisy \(2\d\.\d\d dB\), sieve 1\.0\.0 \(.* dB\), fast 1\.0\.0 \(.* dB\), clean\.$/,
  );
  const image = await readPng(join(results, 'crops', first));
  expect([image.width, image.height]).toEqual([4 * 192 + 3 * 4, 192]);
  // the last panel is the photograph's middle
  const shown = middle(clean, 192);
  expect([3, 90, 191].map((at) => red(image, 3 * 196 + at, at))).toEqual([3, 90, 191].map((at) => red(shown, at, at)));
  expect(red(image, 90, 90)).not.toBe(red(shown, 90, 90));
});
