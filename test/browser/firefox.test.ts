import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, ElementHandle, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DegrainError, Denoiser } from '../../client/index.ts';
import type { DenoiseImageElement } from '../../client/widget/contract.ts';
import { chunkOfProfile } from '../../models/files/profile.ts';
import { decodePng, encodePng } from '../../worker/png/codec.ts';
import { deflate } from '../../worker/png/deflate.ts';
import { DISPLAY_P3, makeProfile, SRGB } from '../models/files/profiles.ts';
import { randomRaster } from '../models/pictures.ts';
import { type Edge, startEdge } from '../worker/harness.ts';
import { findFirefox, launchFirefox } from './firefox.ts';

const firefox = findFirefox();
if (!firefox) {
  console.warn(
    'No Firefox: its tests are left out. Install firefox-esr, or name one: FIREFOX=/path/to/firefox npm test',
  );
}

declare global {
  interface Window {
    /** Files that the page gave an address: what it offers as a download comes last. */
    saved: File[];
  }
}

const limits = { maxBytes: 1e7, maxPixels: 1e7 };
const base64Of = (file: Uint8Array) => Buffer.from(file).toString('base64');

describe.skipIf(!firefox)('in Firefox', { timeout: 60_000 }, () => {
  let edge: Edge;
  let browser: Browser;
  let page: Page;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'degrain-firefox-'));
    // a screen of wide colours, which Firefox converts to where a file says what its colours are
    const screen = join(folder, 'screen.icc');
    await writeFile(screen, makeProfile(DISPLAY_P3));
    const preferences = { 'gfx.color_management.display_profile': screen };
    [edge, browser] = await Promise.all([startEdge(), launchFirefox(firefox as string, preferences)]);
    page = await browser.newPage();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await edge?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const eventually: typeof expect.poll = (look) => expect.poll(look, { timeout: 40_000, interval: 100 });

  /** A denoiser in a page of the edge that does nothing by itself. As text: vitest would rewrite `import()`. */
  async function openDenoiser(on: Page, model: string) {
    await on.goto(new URL('/bench/', edge.url).href);
    const made = `import('/degrain.js').then((degrain) => degrain.createDenoiser({ key: 'pk_local', model: '${model}' }))`;
    return (await on.evaluateHandle(made)) as unknown as ElementHandle<never> & { denoiser: Denoiser };
  }

  /** A file through the library and back, as PNG; or what is said instead. */
  const through = (denoiser: object, file: Uint8Array, as = 'image/png') =>
    (denoiser as ElementHandle<Element>).evaluate(
      async (denoiser, base64, as) => {
        const blob = new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))]);
        try {
          const result = await (denoiser as unknown as Denoiser).denoise(blob, { sigma: 25, strength: 0 });
          const bytes = new Uint8Array(await (await result.blob(as)).arrayBuffer());
          return btoa(String.fromCharCode(...bytes));
        } catch (failure) {
          const { code, remedy } = failure as DegrainError;
          return `${code}: ${remedy}`;
        }
      },
      base64Of(file),
      as,
    );

  test('PNGs stay what they are, sample by sample; one that is cut off is refused', async () => {
    const denoiser = await openDenoiser(page, 'mean');
    const srgb = { type: 'sRGB', data: Uint8Array.of(0) };
    const profile = await chunkOfProfile(makeProfile(SRGB), deflate);
    for (const [channels, depth, chunks] of [
      [3, 16, []],
      [4, 8, []],
      [3, 8, []],
      [3, 8, [srgb]],
      [3, 8, [profile]],
    ] as const) {
      const image = randomRaster(24, 17, channels, depth);
      const file = Buffer.from(await through(denoiser, await encodePng(image, chunks)), 'base64');
      expect(decodePng(file, limits).image).toMatchObject({ width: 24, height: 17, channels, depth });
      expect(Array.from(decodePng(file, limits).image.data)).toEqual(Array.from(image.data));
    }
    // Firefox itself would show the upper half
    const whole = await encodePng(randomRaster(64, 64, 3, 8));
    expect(await through(denoiser, whole.slice(0, whole.length / 2))).toMatch(/^invalid-image: .*its end is missing/);
  });

  test('a JPEG loses its noise on wasm, and is written as JPEG, WebP and PNG with the same pixels', async () => {
    const denoiser = await openDenoiser(page, 'fast');
    const seen = await (denoiser as ElementHandle<Element>).evaluate(async (denoiser) => {
      const [width, height] = [96, 64];
      const clean = new ImageData(width, height);
      const noisy = new ImageData(width, height);
      for (let i = 0; i < clean.data.length; i++) {
        const noise = [...Array(12)].reduce((sum: number) => sum + Math.random() - 0.5, 0) * 25;
        clean.data[i] = i % 4 === 3 ? 255 : 90 + (60 * i) / clean.data.length;
        noisy.data[i] = i % 4 === 3 ? 255 : (clean.data[i] as number) + noise;
      }
      const distance = (a: ImageData, b: ImageData) =>
        Math.sqrt(a.data.reduce((sum, value, i) => sum + (value - (b.data[i] as number)) ** 2, 0) / a.data.length);
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
      context.putImageData(noisy, 0, 0);
      const file = await canvas.convertToBlob({ type: 'image/jpeg', quality: 1 });
      const result = await (denoiser as unknown as Denoiser).denoise(file, { sigma: 25 });
      const written: [string, boolean][] = [];
      for (const type of ['image/jpeg', 'image/webp', 'image/png']) {
        const blob = await result.blob(type, 1);
        context.drawImage(await createImageBitmap(blob), 0, 0);
        written.push([blob.type, distance(context.getImageData(0, 0, width, height), result.image as ImageData) < 3]);
      }
      const [before, after] = [distance(noisy, clean), distance(result.image as ImageData, clean)];
      return { engine: result.engine, written, cleaner: before / after };
    });
    expect(seen.cleaner).toBeGreaterThan(3);
    expect(seen).toMatchObject({
      engine: expect.stringMatching(/^(wasm|wgsl|tfjs-webgpu)$/),
      written: ['image/jpeg', 'image/webp', 'image/png'].map((type) => [type, true]),
    });
  });

  test('the landing page removes the noise of its own picture', async () => {
    await page.goto(edge.url.href);
    await page.$eval('#hero', (hero) => hero.scrollIntoView());
    await eventually(() => page.$eval('#hero-said', (said) => said.textContent)).toMatch(/^Your device removed/);
  });

  test('the element works on a page of another origin', async () => {
    const picture = await encodePng(randomRaster(40, 30, 3, 8));
    const html = `<!doctype html><title>A page</title><script type="module" src="${edge.url.origin}/widget.js"></script>
      <denoise-image key="pk_local" model="median" start="now"><img src="/night.png" alt="Night" /></denoise-image>`;
    const server = createServer(({ url }, response) => {
      if (url === '/') response.setHeader('Content-Type', 'text/html').end(html);
      else response.setHeader('Content-Type', 'image/png').end(picture);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      const shown = () =>
        page.$eval('denoise-image', (element) => {
          const { state, result } = element as DenoiseImageElement;
          return [state, result?.width, result?.height];
        });
      await eventually(shown).toEqual(['done', 40, 30]);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test('where canvases are hidden from pages, JPEGs are refused and PNGs are not', async () => {
    const guarded = await launchFirefox(firefox as string, { 'privacy.resistFingerprinting': true });
    try {
      const page = await guarded.newPage();
      const denoiser = await openDenoiser(page, 'mean');
      const image = randomRaster(24, 17, 3, 8);
      const file = await through(denoiser, await encodePng(image));
      expect(Array.from(decodePng(Buffer.from(file, 'base64'), limits).image.data)).toEqual(Array.from(image.data));
      expect(await through(denoiser, await encodePng(image), 'image/jpeg')).toMatch(/^bad-request: Allow this site/);
    } finally {
      await guarded.close();
    }
  });

  /** In the app, what the strip says. */
  const strip = (on: Page) =>
    on.$$eval('#strip li', (frames) =>
      frames.map((frame) =>
        ['.frame-name', '.frame-state'].map((part) => frame.querySelector(part)?.textContent).join(' '),
      ),
    );

  async function choose(on: Page, name: string, file: Uint8Array): Promise<void> {
    await writeFile(join(folder, name), file);
    await ((await on.$('#file')) as ElementHandle<HTMLInputElement>).uploadFile(join(folder, name));
  }

  test('from a chosen file to the saved one, a reload, and without the edge', async () => {
    const random = randomRaster(80, 60, 3, 16);
    const image = { ...random, data: random.data.map((value) => 20_000 + value / 5) };
    // no download: its bytes are looked at
    await page.evaluateOnNewDocument(() => {
      window.saved = [];
      const { createObjectURL } = URL;
      URL.createObjectURL = (object: Blob) => {
        if (object instanceof File) window.saved.push(object);
        return createObjectURL(object);
      };
      HTMLAnchorElement.prototype.click = () => undefined;
    });
    await page.goto(new URL('/app/?model=median', edge.url).href);
    await choose(page, 'night.png', await encodePng(image));
    await eventually(() => strip(page)).toEqual(['night.png Done']);
    await page.$eval('#download', (button) => (button as HTMLElement).click());
    await eventually(() => page.evaluate(() => window.saved.at(-1)?.name)).toBe('night-degrained.png');
    const base64 = await page.evaluate(async () =>
      btoa(String.fromCharCode(...new Uint8Array((await window.saved.at(-1)?.arrayBuffer()) as ArrayBuffer))),
    );
    const saved = decodePng(Buffer.from(base64, 'base64'), limits);
    expect(saved.image).toMatchObject({ width: 80, height: 60, channels: 3, depth: 16 });
    expect(Array.from(saved.image.data)).not.toEqual(Array.from(image.data));
    await page.waitForFunction(() => navigator.serviceWorker.controller);
    await edge.close();
    await page.reload();
    await eventually(() => strip(page)).toEqual(['night.png Saved']);
    await choose(page, 'later.png', await encodePng(image));
    await eventually(() => strip(page)).toEqual(['night.png Saved', 'later.png Done']);
  });
});
