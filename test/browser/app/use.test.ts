import { readFile } from 'node:fs/promises';
import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { decodePng } from '../../../models/files/png/codec.ts';
import { type Edge, startEdge } from '../../worker/harness.ts';
import { launchChromium } from '../chromium.ts';
import { difference, eventually, inState, openApp, openPainter, openVisitor, pick, type Upload } from './app.ts';

let edge: Edge;
let browser: Browser;
let visitor: BrowserContext;
let photo: (width: number, height: number, name?: string, type?: string) => Promise<Upload>;

beforeAll(async () => {
  [edge, browser] = await Promise.all([startEdge(), launchChromium({ webgpu: false })]);
  photo = await openPainter(browser);
});
beforeEach(async () => {
  visitor = await openVisitor(browser);
  return () => visitor.close();
});
afterAll(async () => {
  await browser.close();
  await edge.close();
});

const samplesOf = (png: Buffer) => decodePng(png, { maxBytes: 2 ** 24, maxPixels: 2 ** 20 }).image;

const keepPressing = async (page: Page, key: string, until: string) => {
  for (let i = 0; i < 40; i++) {
    if ((await page.evaluate(() => document.activeElement?.id)) === until) return;
    await page.keyboard.press(key);
  }
  throw new Error(`#${until} cannot be reached by ${key}`);
};

test('from a chosen file to the saved one, by keyboard alone', async () => {
  const page = await openApp(visitor, edge, '/app/');
  await keepPressing(page, 'Tab', 'file');
  const upload = await photo(240, 160);
  await pick(page, upload);
  await inState(page, 'done');
  expect(await page.locator('#sigma').textContent()).toMatch(/^strong \(σ 2\d\.\d\)$/);
  expect(await page.locator('#live').textContent()).toContain('Done.');
  expect(await page.locator('#engine').textContent()).toContain('WebAssembly');
  await eventually(() => difference(page)).toBeGreaterThan(20);
  // what only a batch needs
  expect(await page.locator('.of-many:visible').count()).toBe(0);

  await keepPressing(page, 'Tab', 'loupe-toggle');
  await page.keyboard.press('Enter');
  const looked = () =>
    page.evaluate(() => {
      const at = (id: string) => document.querySelector<HTMLCanvasElement>(id)?.toDataURL();
      return [at('#loupe-before'), at('#loupe-after')];
    });
  await eventually(async () => new Set([...(await looked()), 'data:,']).size).toBe(3);
  const middle = await looked();
  await page.keyboard.press('ArrowRight');
  await eventually(async () => (await looked())[1]).not.toBe(middle[1]);
  await page.keyboard.press('Escape');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('loupe-toggle');

  await keepPressing(page, 'Tab', 'strength');
  await page.keyboard.press('Home');
  expect(await page.locator('output[for=strength]').textContent()).toBe('0 %');
  await eventually(() => difference(page)).toBe(0);

  // at once, while the new mix is being written
  await keepPressing(page, 'Shift+Tab', 'download');
  const download = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  const file = await download;
  expect(file.suggestedFilename()).toBe('night.holiday-degrained.png');
  const bytes = await readFile((await file.path()) as string);
  expect(samplesOf(bytes)).toEqual(samplesOf(upload.buffer));
});

test('a level set by hand runs the network again; what it removed can be seen', async () => {
  const page = await openApp(visitor, edge);
  await pick(page, await photo(64, 48));
  await inState(page, 'done');
  await page.locator('#auto').uncheck();
  await page.locator('#level').fill('40');
  await eventually(() => page.locator('#sigma').textContent()).toBe('very strong (σ 40)');
  await inState(page, 'done');
  const sigma = () =>
    page.locator('#photo').evaluate((photo) => (photo as unknown as { result?: { sigma: number } }).result?.sigma);
  await eventually(sigma).toBe(40);

  await page.getByText('Removed noise').click();
  const noise = page.locator('#photo').locator('canvas[part~=residual]');
  await eventually(() => noise.evaluate((canvas) => (canvas as HTMLCanvasElement).width)).toBe(64);
  expect(await noise.isVisible()).toBe(true);
});

test('the models are those for photographs, with what they cannot do; a choice runs', async () => {
  const page = await openApp(visitor, edge);
  await pick(page, await photo(64, 48));
  await inState(page, 'done');
  const models = page.locator('#model');
  await eventually(() => models.locator('option').allTextContents()).toEqual(
    expect.arrayContaining(['Photo', 'Median']),
  );
  expect((await models.locator('option').allTextContents()).join()).not.toMatch(/MNIST|autoencoder/i);
  await models.selectOption('mean');
  await eventually(() => page.locator('#model-limits').textContent()).toContain('Blurs edges');
  await eventually(() => page.locator('#engine').textContent()).toContain('processor.');
  await inState(page, 'done');
  expect(await page.locator('#keep').isVisible()).toBe(false);
});

test('a download of many megabytes is asked for first', async () => {
  const page = await openApp(visitor, edge, '/app/');
  // as if the network were that large: nothing else of it changes
  await page.route('**/v1/models/fast*', async (route) => {
    const response = await route.fetch();
    const card = await response.json();
    const grow = (file: { role: string; bytes: number }) =>
      file.role.startsWith('weights') ? { ...file, bytes: 41e6 } : file;
    return route.fulfill({ response, json: { ...card, files: card.files.map(grow) } });
  });
  await pick(page, await photo(64, 48));
  const question = page.locator('#question');
  await question.waitFor();
  expect(await question.textContent()).toContain('41.');
  await page.locator('#question-no').click();
  await page.locator('#model').selectOption('median');
  await page.locator('#resume').click();
  await inState(page, 'done');
});

test('fits 360 px, empty and with results', async () => {
  const page = await openApp(visitor, edge);
  await page.setViewportSize({ width: 360, height: 740 });
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(await overflow()).toBe(0);
  await pick(page, await photo(640, 400), await photo(100, 300, 'a-rather-long-name-of-a-photo-from-a-phone.png'));
  await inState(page, 'done');
  expect(await overflow()).toBe(0);
  await page.locator('#zoom').click();
  await page.locator('#loupe-toggle').click();
  expect(await overflow()).toBe(0);
});

test('axe finds nothing, light and dark', async () => {
  const page = await openApp(visitor, edge);
  await page.evaluate(axe.source);
  const violations = async () => {
    const found: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await page.evaluate(() =>
        (window as unknown as { axe: typeof import('axe-core') }).axe.run(),
      );
      for (const { id, nodes } of violations) found.push(`${colorScheme} ${id}: ${nodes.map(({ html }) => html)}`);
    }
    return found;
  };
  expect(await violations()).toEqual([]);
  const { buffer, ...file } = await photo(64, 48);
  await pick(page, { buffer, ...file }, { ...file, buffer: buffer.subarray(0, 60) });
  await inState(page, 'done');
  await page.locator('#history summary').click();
  await page.locator('#loupe-toggle').click();
  expect(await violations()).toEqual([]);
  await page.locator('#strip button').last().click();
  await inState(page, 'failed');
  expect(await violations()).toEqual([]);
});
