import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DegrainError } from '../../client/index.ts';
import type { UsageReport } from '../../worker/usage/report.ts';
import { type Edge, startEdge } from '../worker/harness.ts';
import { launchChromium } from './chromium.ts';
import { openPage } from './page.ts';

let edge: Edge;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  [edge, browser] = await Promise.all([startEdge(), launchChromium()]);
  page = await openPage(browser, edge);
});
afterAll(async () => {
  await browser.close();
  await edge.close();
});

test('what a picture takes is known before: tiles, bytes, and after the first one the time', async () => {
  const { before, after, ran, explained } = await page.evaluate(async () => {
    const denoiser = await window.degrain.createDenoiser({ key: 'pk_local' });
    const { noisy } = window.probe.scene(280, 240, 25);
    const before = await denoiser.preflight(await window.probe.pngOf(noisy));
    const { engine, plan, timings } = await denoiser.denoise(noisy, { sigma: 25 });
    const after = await denoiser.preflight({ width: 280, height: 240 });
    const explained = await denoiser.explain();
    denoiser.dispose();
    return { before, after, explained, ran: { engine, tiles: plan?.tiles.length, milliseconds: timings.tiles } };
  });
  expect(before).toMatchObject({ model: 'fast@1.2.0', width: 280, height: 240, engine: 'wasm', tiles: ran.tiles });
  expect(before.downloadBytes).toBeGreaterThan(1e6);
  expect(before.milliseconds).toBeUndefined();
  expect(after).toMatchObject({ engine: 'wasm', tiles: ran.tiles, downloadBytes: 0 });
  expect(after.milliseconds).toBeCloseTo(ran.milliseconds, 3);
  expect(ran.engine).toBe('wasm');
  expect(explained).toMatchObject({
    engine: 'wasm',
    engines: [
      { engine: 'wgsl', reason: 'software-gpu' },
      { engine: 'tfjs-webgpu', reason: 'software-gpu' },
      { engine: 'wasm', reason: 'chosen' },
      { engine: 'edge', reason: 'picture-too-large' },
    ],
  });
});

test('nothing counts for it at the edge, and a size that no model takes is refused', async () => {
  const plans = async () => {
    const response = await edge.fetch('/v1/usage', { headers: { Authorization: 'Bearer sk_local' } });
    return ((await response.json()) as UsageReport).total.plans;
  };
  const before = await plans();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const codes = await page.evaluate(async () => {
    const { createDenoiser } = window.degrain;
    const digits = await createDenoiser({ key: 'pk_local', model: 'dense-mnist' });
    const code = ({ code }: DegrainError) => code;
    const codes = [
      await digits.preflight({ width: 28, height: 28, channels: 1 }).then(({ tiles }) => tiles),
      await digits.preflight({ width: 30, height: 28 }).catch(code),
      await digits.preflight(new Blob(['no picture'])).catch(code),
      await digits.explain().then(({ engine }) => engine),
    ];
    digits.dispose();
    return [...codes, await digits.preflight({ width: 28, height: 28 }).catch(code)];
  });
  expect(codes).toEqual([1, 'bad-request', 'invalid-image', 'wasm', 'bad-request']);
  expect(asked.filter((path) => path.startsWith('/v1/') && path !== '/v1/models/dense-mnist')).toEqual([]);
  expect(await plans()).toBe(before);
});

test('an engine that did not start is explained', async () => {
  // our kernels' self-test, and TF.js after it
  await page.route(/\/models\/.*golden|\.wasm$/, (route) => route.abort());
  const explained = await page.evaluate(async () => {
    // earlier pictures have left the golden windows there
    for (const name of await caches.keys()) await caches.delete(name);
    const denoiser = await window.degrain.createDenoiser({ key: 'pk_local', model: 'fast', engine: ['wasm', 'edge'] });
    await denoiser.denoise(window.probe.scene(48, 40, 25).noisy, { sigma: 25 });
    const explained = await denoiser.explain();
    denoiser.dispose();
    return explained;
  });
  expect(explained).toMatchObject({
    engine: 'edge',
    engines: [
      { engine: 'wasm', reason: 'failed', error: 'engine-unavailable' },
      { engine: 'edge', reason: 'chosen' },
      { engine: 'wgsl', reason: 'not-asked-for' },
      { engine: 'tfjs-webgpu', reason: 'not-asked-for' },
    ],
  });
});
