import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Edge, startEdge } from '../worker/harness.ts';
import { launchChromium } from './chromium.ts';
import { openPage } from './page.ts';
import { serveToy } from './toy-model.ts';

interface Upload {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

let edge: Edge;
let browser: Browser;
let page: Page;
/** A noisy scene as a PNG file. */
let photo: (width: number, height: number) => Promise<Upload>;

beforeAll(async () => {
  [edge, browser] = await Promise.all([startEdge(), launchChromium({ webgpu: false })]);
  const painter = await openPage(browser, edge);
  photo = async (width, height) => {
    const bytes = await painter.evaluate(
      async ([width, height]) => {
        const { base64Of, pngOf, scene } = window.probe;
        return base64Of(await pngOf(scene(width, height, 25).noisy));
      },
      [width, height] as const,
    );
    return { name: 'night.holiday.png', mimeType: 'image/png', buffer: Buffer.from(bytes, 'base64') };
  };
});
beforeEach(async () => {
  page = await browser.newPage({ reducedMotion: 'reduce' });
  await page.goto(new URL('/app/', edge.url).href);
  return () => page.close();
});
afterAll(async () => {
  await browser.close();
  await edge.close();
});

const pick = (file: Upload) => page.setInputFiles('#file', file);
const state = (state: string) => page.locator(`body[data-state="${state}"]`).waitFor({ timeout: 60_000 });

/** Largest difference between the two pictures on the page, in 8-bit steps. */
const difference = () =>
  page.evaluate(() => {
    const before = document.querySelector('#before') as HTMLImageElement;
    const after = document.querySelector('#after') as HTMLCanvasElement;
    const context = new OffscreenCanvas(after.width, after.height).getContext(
      '2d',
    ) as OffscreenCanvasRenderingContext2D;
    context.drawImage(before, 0, 0);
    const noisy = context.getImageData(0, 0, after.width, after.height).data;
    const shown = after.getContext('2d')?.getImageData(0, 0, after.width, after.height).data;
    return noisy.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (shown?.[i] ?? 0))), 0);
  });

test('from a picked file to the download, by keyboard', async () => {
  // past the links of the header
  for (let i = 0; i < 5; i++) await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('file');
  await pick(await photo(240, 160));
  await state('done');
  expect(await page.locator('#sigma').textContent()).toMatch(/^strong \(σ 2\d\.\d\)$/);
  expect(await page.locator('#live').textContent()).toContain('Done.');
  expect(await page.locator('#engine').textContent()).toContain('WebAssembly');
  expect(await difference()).toBeGreaterThan(20);

  const split = page.locator('#split');
  const cut = () => page.locator('#after').evaluate((canvas) => getComputedStyle(canvas).clipPath);
  const half = await cut();
  await split.focus();
  await page.keyboard.press('End');
  expect(await split.inputValue()).toBe('100');
  expect(await cut()).not.toBe(half);

  await page.locator('#strength').focus();
  await page.keyboard.press('Home');
  expect(await page.locator('output[for=strength]').textContent()).toBe('0 %');
  await expect.poll(difference).toBe(0);

  const download = page.waitForEvent('download');
  await page.locator('#download').focus();
  await page.keyboard.press('Enter');
  const file = await download;
  expect(file.suggestedFilename()).toBe('night.holiday-degrained.png');
  const bytes = await readFile((await file.path()) as string);
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
});

test('Escape cancels between tiles, and the page starts afresh', async () => {
  await pick(await photo(1100, 700));
  await page.locator('#stage[data-stage=tiles]').waitFor();
  await page.keyboard.press('Escape');
  await state('empty');
  expect(await page.locator('#live').textContent()).toBe('Cancelled.');
  expect(await page.locator('#error').isVisible()).toBe(false);
  await pick(await photo(64, 48));
  await state('done');
});

test('a broken file is an error that says what to do', async () => {
  const { buffer, ...file } = await photo(64, 48);
  await pick({ ...file, buffer: buffer.subarray(0, 60) });
  const alert = page.getByRole('alert');
  await alert.waitFor();
  expect(await alert.textContent()).toContain('Open it in an image editor');
  await state('empty');
  await pick({ ...file, buffer });
  await state('done');
  expect(await alert.isVisible()).toBe(false);
});

test.each(['drop', 'paste'] as const)('a photo by %s', async (way) => {
  await serveToy(page, edge);
  const { buffer } = await photo(64, 48);
  await page.evaluate(
    ([base64, way]) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], 'a.png', { type: 'image/png' }));
      const options = { bubbles: true, cancelable: true };
      const event =
        way === 'drop'
          ? new DragEvent('drop', { ...options, dataTransfer: data })
          : new ClipboardEvent('paste', { ...options, clipboardData: data });
      document.body.dispatchEvent(event);
    },
    [buffer.toString('base64'), way] as const,
  );
  await state('done');
});

test('fits 360 px, empty and with a result', async () => {
  await serveToy(page, edge);
  await page.setViewportSize({ width: 360, height: 740 });
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(await overflow()).toBe(0);
  await pick(await photo(640, 400));
  await state('done');
  expect(await overflow()).toBe(0);
  await page.locator('#zoom').click();
  expect(await overflow()).toBe(0);
  expect(await page.locator('#scroll').evaluate((element) => element.scrollWidth)).toBe(640);
});
