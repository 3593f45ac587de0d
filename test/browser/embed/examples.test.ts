import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DenoiseImageElement } from '../../../client/widget/contract.ts';
import { type Example, serveExample } from '../../../scripts/embed/serve.ts';
import { plainPng } from '../../hostile/png.ts';
import { type Edge, startEdge } from '../../worker/harness.ts';
import { launchChromium } from '../chromium.ts';
import { serveToy } from '../toy-model.ts';

let edge: Edge;
let browser: Browser;
const buffer = Buffer.from(plainPng(64, 48));
beforeAll(async () => {
  [edge, browser] = await Promise.all([startEdge(), launchChromium({ webgpu: false })]);
});
afterAll(async () => {
  await browser.close();
  await edge.close();
});

/** The strictest policy under which the element works: it names the edge alone, and the addresses of files. */
const strictPolicy = (edge: URL) =>
  [
    "default-src 'none'",
    `script-src ${edge.origin} 'wasm-unsafe-eval'`,
    `connect-src ${edge.origin}`,
    `img-src blob: ${edge.origin}`,
  ].join('; ');

/** The example as it is served, and what the browser complained of. */
async function visit(name: Example) {
  const { url, close } = await serveExample(name, edge.url.origin, 0);
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await serveToy(page, edge);
  const response = await page.goto(url);
  expect(new URL(url).origin).not.toBe(edge.url.origin);
  const end = async () => {
    await page.close();
    close();
  };
  return { page, response, complaints, end };
}

const element = (page: Page) => page.locator('denoise-image');
const state = (page: Page) => element(page).evaluate((found) => (found as DenoiseImageElement).state);
const resultOf = (page: Page) =>
  element(page).evaluate((found) => {
    const { engine, plan, width } = (found as DenoiseImageElement).result ?? {};
    return { engine, width, tiles: plan?.tiles.length ?? 0 };
  });
const done = (page: Page) => expect.poll(() => state(page), { timeout: 30_000 }).toBe('done');

test('plain: a picture and a script of the edge, under the strictest policy', async () => {
  const { page, response, complaints, end } = await visit('plain');
  expect(response?.headers()['content-security-policy']).toBe(strictPolicy(edge.url));
  const image = page.getByRole('img', { name: 'A rocket on its pad at dusk' });
  expect(await image.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth))).toBe(640);
  await page.getByRole('button', { name: 'Remove noise' }).click();
  await done(page);
  // between two tiles it can be stopped
  const stopped = element(page).evaluate(async (found) => {
    const image = found as DenoiseImageElement;
    const run = image.denoise().catch(({ name }) => name);
    await new Promise((resolve) => image.addEventListener('tile', resolve, { once: true }));
    image.cancel();
    return run;
  });
  expect(await stopped).toBe('AbortError');
  await page.getByRole('button', { name: 'Remove noise' }).click();
  await done(page);

  const { engine, tiles } = await resultOf(page);
  expect(engine).toBe('wasm');
  expect(tiles).toBeGreaterThan(1);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save' }).click();
  expect((await download).suggestedFilename()).toBe('example-degrained.jpg');
  // the workers that were tried, the library's and one for tiles: the page's own thread did their work
  expect(complaints.length).toBe(2);
  for (const complaint of complaints) expect(complaint).toMatch(/^Creating a worker from 'blob:/);
  expect(page.workers()).toEqual([]);
  await end();
});

test.each(['react', 'vue'] as const)('%s: properties, events, and a file of the visitor’s', async (name) => {
  const { page, complaints, end } = await visit(name);
  await page.getByRole('button', { name: 'Denoise', exact: true }).click();
  await done(page);
  const said = page.locator('main > output');
  await expect.poll(() => said.textContent()).toMatch(/^Denoised by wasm in \d+ ms$/);
  await page.getByRole('slider', { name: 'Strength' }).fill('0.25');
  expect(await element(page).evaluate((found) => (found as DenoiseImageElement).strength)).toBe(0.25);

  // the library's, and those that compute tiles
  const workers = page.workers().map((worker) => worker.url());
  expect(workers.length).toBeGreaterThan(0);
  for (const worker of workers) expect(worker).toMatch(/^blob:/);

  await page.setInputFiles('input[type=file]', { name: 'mine.png', mimeType: 'image/png', buffer });
  await expect.poll(() => state(page)).toBe('idle');
  await page.getByRole('button', { name: 'Remove noise' }).click();
  await done(page);
  expect((await resultOf(page)).width).toBe(64);
  await page.setInputFiles('input[type=file]', { name: 'mine.png', mimeType: 'image/png', buffer: Buffer.from('x') });
  await page.getByRole('button', { name: 'Remove noise' }).click();
  await expect.poll(() => said.textContent()).toContain('save it as PNG');
  expect(complaints.filter((text) => !text.includes('blob:'))).toEqual([]);
  await end();
});
