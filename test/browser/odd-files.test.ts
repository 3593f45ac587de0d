import type { Browser, JSHandle, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DegrainError, Denoiser } from '../../client/index.ts';
import { type Chunk, readChunks, writeChunks } from '../../models/files/png/chunks.ts';
import { decodePng, encodePng } from '../../worker/png/codec.ts';
import { chunk, IEND, idat, ihdr } from '../hostile/png.ts';
import { randomRaster } from '../models/pictures.ts';
import { type Edge, startEdge } from '../worker/harness.ts';
import { cmyk, stored } from '../worker/jpeg/stored.ts';
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

/** The size of what comes back, twice: as image and as a PNG of it; or what is said instead. */
async function through(file: Uint8Array, type: string) {
  const asked = { base64: Buffer.from(file).toString('base64'), type };
  return denoiser.evaluate(async (denoiser, { base64, type }) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    try {
      const result = await denoiser.denoise(new Blob([bytes], { type }), { sigma: 25 });
      const blob = await result.blob();
      return { width: result.width, height: result.height, isPng: blob.type === 'image/png' && blob.size > 50 };
    } catch (failure) {
      const { code, remedy } = failure as DegrainError;
      return { code, remedy };
    } finally {
    }
  }, asked);
}

/** A GIF of 2 x 1 with two pictures. */
const gif = Uint8Array.from(
  Buffer.from('R0lGODlhAgABAIAAAP8AAAAA/yH5BAAKAAAALAAAAAACAAEAAAICRAoAIfkEAAoAAAAsAAAAAAIAAQAAAgIMCgA7', 'base64'),
);
const wide = await encodePng(randomRaster(65535, 2, 3));
const deep = await encodePng(randomRaster(65535, 2, 3, 16));
const tiny = await encodePng(randomRaster(1, 1, 3));
const samples = randomRaster(64, 64, 3);
const plain = await encodePng(samples);
const jpeg = stored('4:2:0').file;
const [head, ...rest] = readChunks(await encodePng(randomRaster(8, 8, 4)), (expected) => {
  throw new Error(expected);
});
/** One picture that stays for a tenth of a second, 8 x 8 at the corner. */
const frame = [0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 10, 0, 0];
const animation = [chunk('acTL', [0, 0, 0, 1, 0, 0, 0, 0]), chunk('fcTL', frame)];
const animated = writeChunks([head as Chunk, ...animation, ...rest]);
/** A file of a few bytes that says that it is so large. */
const liar = (width: number, height: number) =>
  writeChunks([ihdr({ width, height, depth: 8, colour: 2 }), idat(new Uint8Array(9)), IEND]);

test.each([
  ['1 x 1', tiny, 'image/png', [1, 1]],
  ['65,535 px wide', wide, 'image/png', [65535, 2]],
  ['65,535 px wide, 16 bits', deep, 'image/png', [65535, 2]],
  ['CMYK', cmyk, 'image/jpeg', undefined],
  ['an animated GIF', gif, 'image/gif', [2, 1]],
  ['an animated PNG', animated, 'image/png', [8, 8]],
  ['a PNG that is called a JPEG', tiny, 'image/jpeg', [1, 1]],
  ['a JPEG that is called a PNG', jpeg, 'image/png', undefined],
  ['a JPEG that is called nothing', jpeg, '', undefined],
] as const)('%s works', async (_, file, type, size) => {
  const result = await through(file, type);
  expect(result).toMatchObject({ isPng: true });
  if (size) expect([result.width, result.height]).toEqual(size);
});

test.each([
  ['nothing', new Uint8Array(0), 'invalid-image', 'save it as'],
  ['text', Uint8Array.from(Buffer.from('no picture at all')), 'invalid-image', 'save it as'],
  ['a JPEG cut off in its header', jpeg.slice(0, 100), 'invalid-image', 'cut short'],
  ['a JPEG cut off in the middle', jpeg.slice(0, jpeg.length - 10), 'invalid-image', 'its end is missing'],
  ['a PNG cut off in the middle', plain.slice(0, plain.length / 2), 'invalid-image', 'its end is missing'],
  ['a PNG that says it is larger than all memory', liar(60000, 60000), 'image-too-large', 'smaller'],
  ['a PNG that is too wide', liar(70000, 1), 'image-too-large', 'parts'],
])('%s is refused, with a way out', async (_, file, code, remedy) => {
  expect(await through(file, 'image/png')).toEqual({ code, remedy: expect.stringContaining(remedy) });
});

test('what the browser cannot write is refused, with a way out that works', async () => {
  const base64 = Buffer.from(wide).toString('base64');
  const written = await denoiser.evaluate(async (denoiser, base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const result = await denoiser.denoise(new Blob([bytes]), { sigma: 25 });
    const blob = (type: string) =>
      result.blob(type).then(
        ({ type }) => type,
        ({ code, remedy }: DegrainError) => [code, remedy],
      );
    return [await blob('image/webp'), await blob('image/avif'), await blob('image/jpeg'), await blob('image/png')];
  }, base64);
  const refused = ['bad-request', expect.stringContaining('image/png')];
  expect(written).toEqual([refused, refused, refused, 'image/png']);
});

test('where a canvas hides what it holds, nothing is made of what it says: PNGs need none', async () => {
  const guarded = await openPage(browser, edge);
  const started = guarded.waitForEvent('worker');
  const denoiser = await guarded.evaluateHandle(() =>
    window.degrain.createDenoiser({ key: 'pk_local', model: 'mean' }),
  );
  // as Firefox does that resists fingerprinting
  await (await started).evaluate(() => {
    const { prototype } = OffscreenCanvasRenderingContext2D;
    const { getImageData } = prototype;
    prototype.getImageData = function (...where: Parameters<typeof getImageData>) {
      const image = getImageData.apply(this, where);
      return new ImageData(
        image.data.fill(0).map(() => Math.random() * 256),
        image.width,
        image.height,
      );
    };
  });
  const files = [jpeg, plain].map((file) => Buffer.from(file).toString('base64'));
  const said = await denoiser.evaluate(async (denoiser, files) => {
    const [jpeg, png] = files.map((file) => new Blob([Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0))]));
    const why = ({ code, remedy }: DegrainError) => `${code}: ${remedy}`;
    const read = denoiser.denoise(jpeg as Blob, { sigma: 25 }).then(() => 'read', why);
    const result = await denoiser.denoise(png as Blob, { sigma: 25, strength: 0 });
    const written = result.blob('image/jpeg').then(() => 'written', why);
    return { read: await read, written: await written, png: await window.probe.base64Of(await result.blob()) };
  }, files);
  await guarded.close();
  expect(said.read).toMatch(/^invalid-image: Allow this site to use canvas data/);
  expect(said.written).toMatch(/^bad-request: Allow this site to use canvas data/);
  const { image } = decodePng(Buffer.from(said.png, 'base64'), { maxBytes: 1e6, maxPixels: 1e6 });
  expect(Array.from(image.data)).toEqual(Array.from(samples.data));
});
