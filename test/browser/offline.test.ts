import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { UsageReport } from '../../worker/usage/report.ts';
import { type Edge, startEdge } from '../worker/harness.ts';
import { launchChromium } from './chromium.ts';

let edge: Edge;
let browser: Browser;
beforeAll(async () => {
  [edge, browser] = await Promise.all([startEdge(), launchChromium({ webgpu: false })]);
});
afterAll(async () => {
  await browser.close();
  await edge.close();
});

test('a page that is open goes on without any network: worker, engine and model are here', async () => {
  const page = await browser.newPage();
  // not one that the tests make: answering requests for it would switch the browser's cache off
  await page.goto(new URL('/usage/', edge.url).href);
  // as text, which vitest leaves alone
  await page.evaluate("import('/degrain.js').then((found) => { window.degrain = found; })");
  await page.evaluate(() => window.degrain.keepModel('fast'));
  await page.context().setOffline(true);
  const { engine, waiting } = await page.evaluate(async () => {
    const denoiser = await window.degrain.createDenoiser({ key: 'pk_local' });
    const image = new ImageData(64, 48);
    image.data.forEach((_, i) => {
      image.data[i] = i % 4 === 3 ? 255 : (i * 37) % 256;
    });
    const { engine } = await denoiser.denoise(image, { sigma: 25 });
    denoiser.dispose();
    return { engine, waiting: JSON.parse(localStorage.getItem('degrain-usage') ?? '[]').length };
  });
  expect(engine).toBe('wasm');
  expect(waiting).toBe(1);
  const response = await edge.fetch('/v1/usage', { headers: { Authorization: 'Bearer sk_local' } });
  expect(((await response.json()) as UsageReport).total.plans).toBe(0);
  await page.close();
});
