import type { Browser, JSHandle, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Denoiser } from '../../client/index.ts';
import { colourSpaceOf } from '../../models/files/colour.ts';
import { orientationOf } from '../../models/files/exif.ts';
import { isExif } from '../../models/files/jpeg/kinds.ts';
import { readSegments, writeSegments } from '../../models/files/jpeg/segments.ts';
import { metadataOfChunks, metadataOfSegments, metadataSegments } from '../../models/files/metadata.ts';
import { type Chunk, readChunks, writeChunks } from '../../models/files/png/chunks.ts';
import { chunkOfProfile } from '../../models/files/profile.ts';
import { metadataOfWebp, readWebp } from '../../models/files/webp.ts';
import type { RasterImage } from '../../models/image.ts';
import { decodePng, encodePng } from '../../worker/png/codec.ts';
import { deflate } from '../../worker/png/deflate.ts';
import { chunk } from '../hostile/png.ts';
import { ADOBE_RGB, DISPLAY_P3, makeExif, makeProfile } from '../models/files/profiles.ts';
import { randomRaster } from '../models/pictures.ts';
import { type Edge, startEdge } from '../worker/harness.ts';
import { launchChromium } from './chromium.ts';
import { openPage } from './page.ts';

let edge: Edge;
let browser: Browser;
let page: Page;
let denoiser: JSHandle<Denoiser>;
beforeAll(async () => {
  [edge, browser] = await Promise.all([startEdge(), launchChromium({ webgpu: false })]);
  page = await openPage(browser, edge);
  denoiser = await page.evaluateHandle(() => window.degrain.createDenoiser({ key: 'pk_local', model: 'mean' }));
});
afterAll(async () => {
  await browser.close();
  await edge.close();
});

interface Asked {
  readonly as: string;
  readonly strength?: number;
}

/** A file through the library and back: the new one, and what the page sees. */
async function through(file: Uint8Array, { as, strength = 0 }: Asked, type = '') {
  const asked = { base64: Buffer.from(file).toString('base64'), as, strength, type };
  const { base64, ...seen } = await denoiser.evaluate(async (denoiser, { base64, as, strength, type }) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const result = await denoiser.denoise(new Blob([bytes], { type }), { sigma: 25, strength });
    const blob = await result.blob(as);
    const { colorSpace, data, width, height } = result.image as ImageData;
    return {
      ...{ base64: await window.probe.base64Of(blob), type: blob.type, colorSpace, width, height },
      first: Array.from(data.slice(0, 4)),
    };
  }, asked);
  return { file: new Uint8Array(Buffer.from(base64, 'base64')), ...seen };
}

const limits = { maxBytes: 1e8, maxPixels: 1e8 };
const refuse = (expected: string, received: string) => {
  throw new Error(`${expected}, not ${received}`);
};
const chunksOf = (file: Uint8Array) => [...readChunks(file, refuse)];

test.each([
  ['16 bits in colour', 3, 16],
  ['16 bits in grey, with alpha', 2, 16],
  ['alpha', 4, 8],
  ['grey', 1, 8],
  ['colour', 3, 8],
] as const)('a PNG of %s stays what it is, sample by sample', async (_, channels, depth) => {
  const image = randomRaster(24, 17, channels, depth);
  const { file } = await through(await encodePng(image), { as: 'image/png' });
  expect(decodePng(file, limits).image).toMatchObject({ width: 24, height: 17, channels, depth });
  expect(Array.from(decodePng(file, limits).image.data)).toEqual(Array.from(image.data));
});

test('a PNG as wide as any may be stays what it is, sample by sample', async () => {
  const image = randomRaster(65535, 2, 3, 8);
  const { file } = await through(await encodePng(image), { as: 'image/png' });
  expect(Buffer.compare(decodePng(file, limits).image.data as Uint8Array, image.data as Uint8Array)).toBe(0);
});

test('alpha and colours under it stay while noise goes, and 16 bits are used', async () => {
  const image = randomRaster(24, 17, 4, 16);
  for (let i = 3; i < image.data.length; i += 8) image.data[i] = 0;
  const { file } = await through(await encodePng(image), { as: 'image/png', strength: 1 });
  const { data } = decodePng(file, limits).image;
  const differs = [0, 0];
  data.forEach((value, i) => {
    const hidden = image.data[i - (i % 4) + 3] === 0;
    if (i % 4 === 3 || hidden) expect(value).toBe(image.data[i]);
    else if (value !== image.data[i]) differs[0] = (differs[0] ?? 0) + 1;
    if (value % 257 !== 0) differs[1] = (differs[1] ?? 0) + 1;
  });
  expect(differs[0]).toBeGreaterThan(200);
  expect(differs[1]).toBeGreaterThan(200);
});

const profile = makeProfile(DISPLAY_P3);
/** 300 dpi. */
const density = Uint8Array.of(0, 0, 0x2e, 0x23, 0, 0, 0x2e, 0x23, 1);
const green = (width: number, height: number): RasterImage => ({
  ...{ width, height, channels: 3, depth: 8 },
  data: Uint8Array.from({ length: width * height * 3 }, (_, i) => (i % 3 === 1 ? 255 : 0)),
});

async function pngWithAll(image: RasterImage) {
  return encodePng(image, [
    await chunkOfProfile(profile, deflate),
    { type: 'pHYs', data: density },
    { type: 'eXIf', data: makeExif(1) },
  ]);
}

const ofPng = (file: Uint8Array) => metadataOfChunks(chunksOf(file));
const ofJpeg = (file: Uint8Array) => metadataOfSegments([...readSegments(file, refuse)]);

test.each([
  ['colour', green(20, 10)],
  ['16 bits', randomRaster(20, 10, 3, 16)],
])('EXIF, profile and resolution go from a PNG into every format and back: %s', async (_, image) => {
  const source = await pngWithAll(image);
  const all = { exif: makeExif(1), profile, pixels: density };
  const [png, jpeg, webp] = [
    await through(source, { as: 'image/png' }),
    await through(source, { as: 'image/jpeg' }),
    await through(source, { as: 'image/webp' }),
  ];
  expect([png.colorSpace, jpeg.type, webp.type]).toEqual(['display-p3', 'image/jpeg', 'image/webp']);
  expect(ofPng(png.file)).toEqual(all);
  expect(ofJpeg(jpeg.file)).toEqual(all);
  expect(metadataOfWebp(readWebp(webp.file))).toEqual({ exif: all.exif, profile });
  // read again, by the browser, and written in the other formats
  expect(ofPng((await through(jpeg.file, { as: 'image/png' })).file)).toEqual(all);
  expect(ofJpeg((await through(webp.file, { as: 'image/jpeg' })).file)).toMatchObject({ exif: all.exif, profile });
});

test('wide colours stay wide: the greenest green of Display P3', async () => {
  const png = await through(await pngWithAll(green(20, 10)), { as: 'image/jpeg' });
  expect(png).toMatchObject({ colorSpace: 'display-p3', first: [0, 255, 0, 255] });
  const jpeg = await through(png.file, { as: 'image/webp' });
  expect(jpeg.colorSpace).toBe('display-p3');
  const webp = await through(jpeg.file, { as: 'image/png' });
  expect(webp.colorSpace).toBe('display-p3');
  for (const { first } of [jpeg, webp]) {
    expect(first[1]).toBeGreaterThan(250);
    expect(first[0]).toBeLessThan(6);
  }
});

test('colours that are wider, or others, are converted to Display P3, and say so', async () => {
  const adobe = await chunkOfProfile(makeProfile(ADOBE_RGB, [2.2]), deflate);
  const leaf = { ...green(20, 10), data: new Uint8Array(600).map((_, i) => [120, 160, 110][i % 3] as number) };
  const { file, colorSpace, first } = await through(await encodePng(leaf, [adobe]), { as: 'image/jpeg' });
  expect(colorSpace).toBe('display-p3');
  // by the two matrices and curves: Adobe RGB's green is yellower, so that P3 needs more of it
  expect(first.slice(0, 3)).not.toEqual([120, 160, 110]);
  expect(Math.abs((first[1] as number) - 160)).toBeLessThan(10);
  expect(colourSpaceOf(ofJpeg(file).profile as Uint8Array)).toBe('display-p3');
  const png = await through(await encodePng(leaf, [adobe]), { as: 'image/png' });
  expect(colourSpaceOf(ofPng(png.file).profile as Uint8Array)).toBe('display-p3');
});

/** 16 x 8, red at the left, green at the right, in a file of the browser's. */
const redAndGreen = async (type: string) =>
  new Uint8Array(
    Buffer.from(
      await page.evaluate(async (type) => {
        const canvas = new OffscreenCanvas(16, 8);
        const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
        for (const [colour, x] of [
          ['rgb(255 0 0)', 0],
          ['rgb(0 255 0)', 8],
        ] as const) {
          context.fillStyle = colour;
          context.fillRect(x, 0, 8, 8);
        }
        return window.probe.base64Of(await canvas.convertToBlob({ type, quality: 1 }));
      }, type),
      'base64',
    ),
  );

test('a picture is turned as EXIF says, once', async () => {
  const jpeg = await redAndGreen('image/jpeg');
  const plain = [...readSegments(jpeg, refuse)];
  const turned = writeSegments([...metadataSegments({ exif: makeExif(8) }, { channels: 3 }), ...plain]);
  const { file, width, height, first, colorSpace } = await through(turned, { as: 'image/jpeg' });
  expect(colorSpace).toBe('srgb');
  // a quarter to the left: green is above
  expect([width, height]).toEqual([8, 16]);
  expect(first[1]).toBeGreaterThan(200);
  const exif = [...readSegments(file, refuse)].find(isExif)?.data.subarray(6) as Uint8Array;
  expect(orientationOf(exif)).toBe(1);
  const again = await through(file, { as: 'image/png' });
  expect([again.width, again.height]).toEqual([8, 16]);
  expect(again.first[1]).toBeGreaterThan(200);

  const samples = randomRaster(5, 3, 3, 8);
  const asPng = await encodePng(samples, [{ type: 'eXIf', data: makeExif(6) }]);
  const back = await through(asPng, { as: 'image/png' });
  expect([back.width, back.height]).toEqual([3, 5]);
  // top left is what was at the bottom left
  expect(back.first.slice(0, 3)).toEqual(Array.from(samples.data.slice(30, 33)));
  expect(orientationOf(ofPng(back.file).exif as Uint8Array)).toBe(1);
});

test('what is transparent is white in a JPEG', async () => {
  const image = { ...randomRaster(16, 16, 4, 8), data: new Uint8Array(16 * 16 * 4) };
  const { file } = await through(await encodePng(image), { as: 'image/jpeg' });
  const { first } = await through(file, { as: 'image/png' });
  expect(Math.min(...first)).toBeGreaterThan(250);
});

test('alpha of what the browser decodes is exact, and so are the colours under it', async () => {
  // a lossless WebP by the browser's encoder has lost them; an animated PNG is decoded by it, not by us
  const image = randomRaster(16, 16, 4, 8);
  for (let i = 3; i < image.data.length; i += 12) image.data[i] = 0;
  const [head, ...rest] = chunksOf(await encodePng(image)) as [Chunk, ...Chunk[]];
  const frame = [0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 10, 0, 0];
  const animation = [chunk('acTL', [0, 0, 0, 1, 0, 0, 0, 0]), chunk('fcTL', frame)];
  const { file } = await through(writeChunks([head, ...animation, ...rest]), { as: 'image/png' });
  expect(Array.from(decodePng(file, limits).image.data)).toEqual(Array.from(image.data));
});
