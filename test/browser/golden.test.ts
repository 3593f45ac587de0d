import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Precision } from '../../models/card.ts';
import { fastName, kernelNames, networkNames, precisionsOf } from '../models/published.ts';
import { type Edge, startEdge } from '../worker/harness.ts';
import { launchChromium } from './chromium.ts';
import { openPage } from './page.ts';

/** What float32 in another order of additions may differ by. */
const ROUNDING = 1e-4;

let edge: Edge;
let browser: Browser;
beforeAll(async () => {
  [edge, browser] = await Promise.all([startEdge(), launchChromium()]);
});
afterAll(async () => {
  await browser.close();
  await edge.close();
});

const names = networkNames.map((name) => ({ name, precision: precisionsOf(name).at(-1) as Precision }));

describe.each(names)("PyTorch's golden window of $name, with $precision weights, twice", ({ name, precision }) => {
  // one window: on WebGPU every other shape is compiled anew, on the processor
  const differences = (page: Page, engine: 'wgsl' | 'tfjs-webgpu' | 'wasm', runs = 2) =>
    page.evaluate(
      ([engine, name, precision, runs]) => window.probe.goldenDifferences(engine, name, precision, 1, runs),
      [engine, name, precision, runs] as const,
    );

  test('is reproduced by wasm', async () => {
    const page = await openPage(browser, edge);
    const found = await differences(page, 'wasm');
    expect(found).toHaveLength(2);
    expect(Math.max(...found)).toBeLessThan(ROUNDING);
    await page.close();
  });

  // the other tiers have the same kernels, and test/gpu/ runs them all
  test.runIf(name === fastName)('is reproduced by kernels of our own', async () => {
    const page = await openPage(browser, edge);
    const found = await differences(page, 'wgsl');
    expect(found).toHaveLength(2);
    expect(Math.max(...found)).toBeLessThan(ROUNDING);
    await page.close();
  });

  // two sets of pictures, one network: the kernels are the same; what kernels of our own run, test/gpu/ runs on WebGPU
  const isElsewhere = name.includes('-fashion') || (kernelNames.includes(name) && name !== fastName);
  test.skipIf(isElsewhere)('is reproduced by WebGPU', async () => {
    const page = await openPage(browser, edge);
    // a window of 256 x 256 px takes an emulated GPU half a minute
    const runs = name.startsWith('pridnet') ? 1 : 2;
    const found = await differences(page, 'tfjs-webgpu', runs);
    expect(found).toHaveLength(runs);
    expect(Math.max(...found)).toBeLessThan(ROUNDING);
    await page.close();
  });
});

test("wasm with fast's f16 weights reproduces both windows", async () => {
  const page = await openPage(browser, edge);
  const differences = await page.evaluate(() => window.probe.goldenDifferences('wasm', 'fast', 'f16', 2));
  expect(differences).toHaveLength(4);
  expect(Math.max(...differences)).toBeLessThan(ROUNDING);
  await page.close();
});

test('a picture in many windows equals the picture in one', async () => {
  const page = await openPage(browser, edge);
  const { whole, tiled, steps } = await page.evaluate(() => window.probe.tiledAgainstWhole(232, 184, 128 * 128));
  expect(whole).toBe(1);
  expect(tiled).toBeGreaterThanOrEqual(4);
  // the card's halo leaves half a step, which rounding may make one
  expect(steps).toBeLessThanOrEqual(1);
  await page.close();
});
