import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Edge, startEdge } from '../worker/harness.ts';
import { launchChromium } from './chromium.ts';

/** Vendor and architecture of the page's WebGPU adapter, null without one. */
async function adapterOf(browser: Browser, url: URL): Promise<string[] | null> {
  const page = await browser.newPage();
  await page.goto(new URL('/', url).href);
  return page.evaluate(async () => {
    const adapter = await navigator.gpu?.requestAdapter();
    return adapter ? [adapter.info.vendor, adapter.info.architecture] : null;
  });
}

describe('the browser that the tests run in', () => {
  let edge: Edge;
  beforeAll(async () => {
    edge = await startEdge();
  });
  afterAll(() => edge.close());

  test('has a WebGPU adapter', async () => {
    await using browser = await launchChromium();
    expect(await adapterOf(browser, edge.url)).toEqual(['google', 'swiftshader']);
  });

  test('has none when asked for a browser without WebGPU', async () => {
    await using browser = await launchChromium({ webgpu: false });
    expect(await adapterOf(browser, edge.url)).toBeNull();
  });
});
