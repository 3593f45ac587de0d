import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Edge, startEdge } from '../worker/harness.ts';
import { launchChromium } from './chromium.ts';
import { openPage } from './page.ts';

let edge: Edge;
let browser: Browser;
beforeAll(async () => {
  [edge, browser] = await Promise.all([startEdge(), launchChromium({ webgpu: false })]);
});
afterAll(async () => {
  await browser.close();
  await edge.close();
});

test.each(['f16', 'q8'] as const)("wasm with %s weights reproduces PyTorch's golden windows", async (precision) => {
  const page = await openPage(browser, edge);
  const differences = await page.evaluate(
    (precision) => window.probe.goldenDifferences('wasm', precision, 2),
    precision,
  );
  expect(differences).toHaveLength(4);
  expect(Math.max(...differences)).toBeLessThan(1e-4);
  await page.close();
});

test('a picture in many windows equals the picture in one', async () => {
  const page = await openPage(browser, edge);
  const { whole, tiled, steps } = await page.evaluate(() => window.probe.tiledAgainstWhole(168, 136, 96 * 96));
  expect(whole).toBe(1);
  expect(tiled).toBeGreaterThanOrEqual(4);
  // the card's halo leaves half a step, which rounding may make one
  expect(steps).toBeLessThanOrEqual(1);
  await page.close();
});
