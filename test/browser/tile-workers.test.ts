import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Denoiser } from '../../client/index.ts';
import { type Edge, startEdge } from '../worker/harness.ts';
import { launchChromium } from './chromium.ts';
import { openPage } from './page.ts';

let edge: Edge;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  [edge, browser] = await Promise.all([startEdge(), launchChromium({ webgpu: false })]);
});
beforeEach(async () => {
  page = await openPage(browser, edge);
});
afterAll(async () => {
  await browser.close();
  await edge.close();
});

const tileWorkers = () => page.workers().filter((worker) => /tile-worker/.test(worker.url()));

declare global {
  interface Window {
    denoiser: Denoiser;
  }
}

const open = () =>
  page.evaluate(async () => {
    window.denoiser = await window.degrain.createDenoiser({ key: 'pk_local', engine: 'wasm' });
  });

/** A picture of two tiles. */
const denoise = () =>
  page.evaluate(async () => {
    const { engine, plan } = await window.denoiser.denoise(window.probe.scene(640, 560, 25).noisy, { sigma: 25 });
    return { engine, tiles: plan?.tiles.length };
  });

test('tiles are computed in workers side by side, without TF.js; dispose ends them', async () => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await open();
  expect(await denoise()).toEqual({ engine: 'wasm', tiles: 2 });
  expect(tileWorkers()).toHaveLength(2);
  expect(asked.filter((path) => /tfjs|\.wasm$/.test(path))).toEqual([]);
  await page.evaluate(() => window.denoiser.dispose());
  await expect.poll(() => page.workers()).toEqual([]);
});

test('a worker that ends without a word, before a picture or during it, is replaced', async () => {
  await open();
  await denoise();
  const [first] = tileWorkers();
  await first?.evaluate(() => self.close());
  await expect.poll(() => tileWorkers().length).toBe(1);
  expect(await denoise()).toEqual({ engine: 'wasm', tiles: 2 });
  expect(tileWorkers()).toHaveLength(2);

  const [second] = tileWorkers();
  const running = denoise();
  // done between two messages; the one with the window is not read any more
  await second?.evaluate(() => self.close()).catch(() => 'it is gone');
  expect(await running).toMatchObject({ engine: 'wasm' });
});

test('where tiles get no worker, they are computed where the picture is', async () => {
  await page.route('**/assets/tile-worker*', (route) => route.abort());
  await open();
  expect(await denoise()).toEqual({ engine: 'wasm', tiles: 2 });
  expect(tileWorkers()).toEqual([]);
});
