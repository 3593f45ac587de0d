import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Progress } from '../../client/index.ts';
import type { UsageReport } from '../../worker/usage/report.ts';
import { type Edge, startEdge } from '../worker/harness.ts';
import { launchChromium } from './chromium.ts';
import { openPage } from './page.ts';

let edge: Edge;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  [edge, browser] = await Promise.all([startEdge(), launchChromium({ webgpu: false })]);
  page = await openPage(browser, edge);
});
afterAll(async () => {
  await browser.close();
  await edge.close();
});

test('a noisy file becomes a clean picture, on wasm where there is no WebGPU', async () => {
  const usage = page.waitForRequest(/v1\/usage/);
  const { engine, sigma, gain, stages, size, plan, seconds } = await page.evaluate(async () => {
    const { createDenoiser } = window.degrain;
    const { scene, pngOf, psnr } = window.probe;
    const { clean, noisy } = scene(256, 160, 25);
    const denoiser = await createDenoiser({ key: 'pk_local' });
    const stages: Progress[] = [];
    const onProgress = (progress: Progress) => stages.push(progress);
    const result = await denoiser.denoise(await pngOf(noisy), { onProgress });
    denoiser.dispose();
    const { engine, sigma, image, width, height, plan, timings } = result;
    const gain = psnr(image, clean) - psnr(noisy, clean);
    return { engine, sigma, gain, stages, size: [width, height], plan, seconds: timings.total / 1000 };
  });
  expect(engine).toBe('wasm');
  expect(sigma).toBeGreaterThan(22);
  expect(sigma).toBeLessThan(28);
  expect(gain).toBeGreaterThan(6);
  expect(size).toEqual([256, 160]);
  expect(plan).toMatchObject({ width: 256, height: 160, tiles: [{ x: 0, y: 0, width: 256, height: 160 }] });
  expect(seconds).toBeGreaterThan(0);
  expect(new Set(stages.map(({ stage }) => stage))).toEqual(
    new Set(['decode', 'plan', 'weights', 'estimate', 'engine', 'tiles']),
  );
  const weights = stages.filter(({ stage }) => stage === 'weights').at(-1);
  expect(weights?.done).toBe(weights?.total);
  // half the download: the graph and the int8 weights
  expect(weights?.total).toBeLessThan(1.3e6);
  expect(stages.at(-1)).toEqual({ stage: 'tiles', done: 1, total: 1 });

  const request = await usage;
  expect(JSON.parse(request.postData() ?? '')).toMatchObject({
    planId: plan?.planId,
    backend: 'wasm',
    adapter: '',
    tiles: 1,
    outcome: 'ok',
  });
  // it arrives, although the denoiser is gone
  const reported = async () => {
    const response = await edge.fetch('/v1/usage', { headers: { Authorization: 'Bearer sk_local' } });
    return ((await response.json()) as UsageReport).total.outcomes;
  };
  await expect.poll(reported, { timeout: 20_000 }).toEqual({ wasm: { ok: 1 } });
});

test('sliders mix, residual and file follow, and no network runs again', async () => {
  const found = await page.evaluate(async () => {
    const { createDenoiser } = window.degrain;
    const { scene, psnr } = window.probe;
    const { noisy } = scene(96, 64, 25);
    const denoiser = await createDenoiser({ key: 'pk_local' });
    const result = await denoiser.denoise(noisy, { sigma: 25 });
    const none = await result.mix({ strength: 0 });
    const half = await result.mix({ strength: 0.5 });
    const file = await result.blob();
    const residual = await result.residual();
    const rows = await result.residual({ from: 10, count: 2 });
    const beyond = await result.residual({ from: 63, count: 2 }).catch((error) => error.code);
    const again = await createImageBitmap(file);
    const context = new OffscreenCanvas(96, 64).getContext('2d');
    context?.drawImage(again, 0, 0);
    const ofFile = context?.getImageData(0, 0, 96, 64) as ImageData;
    const middle = noisy.data.every((value, i) => {
      const denoised = result.image.data[i] as number;
      // what the network took out of range is mixed before it is clipped
      if (denoised === 0 || denoised === 255) return true;
      const expected = (value + denoised) / 2;
      return Math.abs((half.data[i] as number) - expected) <= 1;
    });
    const jpeg = await result.blob('image/jpeg', 0.9);
    result.release();
    const late = await result.mix({ strength: 1 }).catch((error) => error.code);
    denoiser.dispose();
    return {
      noneIsNoisy: none.data.every((value, i) => value === noisy.data[i]),
      middle,
      fileIsMix: psnr(ofFile, half),
      types: [file.type, jpeg.type],
      beyond,
      rowsAreThose: rows.length === 2 * 96 * 3 && rows.every((value, i) => value === residual[10 * 96 * 3 + i]),
      residual: [
        residual.length,
        Math.sqrt(residual.reduce((sum, value) => sum + value ** 2, 0) / residual.length) * 255,
      ],
      late,
    };
  });
  expect(found).toMatchObject({ noneIsNoisy: true, middle: true, types: ['image/png', 'image/jpeg'] });
  expect(found.fileIsMix).toBe(Number.POSITIVE_INFINITY);
  expect(found.residual[0]).toBe(96 * 64 * 3);
  expect(found).toMatchObject({ rowsAreThose: true, beyond: 'bad-request' });
  expect(found.residual[1]).toBeGreaterThan(18);
  expect(found.residual[1]).toBeLessThan(30);
  expect(found.late).toBe('bad-request');
});

test('samples come back as they went: 16 bits, grey, alpha', async () => {
  const { deep, deepNoise, alpha, alphaKept, stillWhole } = await page.evaluate(async () => {
    const denoiser = await window.degrain.createDenoiser({ key: 'pk_local' });
    const { noisy } = window.probe.scene(72, 56, 25);
    const grey = Uint16Array.from({ length: 72 * 56 }, (_, i) => (noisy.data[i * 4] as number) * 257);
    const input = { data: grey, width: 72, height: 56, channels: 1, depth: 16 } as const;
    const deep = (await denoiser.denoise(input, { sigma: 25 })).image;
    noisy.data.forEach((_, i) => {
      if (i % 4 === 3) noisy.data[i] = (i * 7) % 256;
    });
    const alpha = (await denoiser.denoise(noisy, { sigma: 25 })).image;
    denoiser.dispose();
    return {
      deep: [deep.data.constructor.name, deep.data.length, deep.channels, deep.depth],
      deepNoise: Array.from(deep.data).some((value) => value % 257 !== 0),
      alpha: alpha.data.length,
      alphaKept: noisy.data.every((value, i) => i % 4 !== 3 || alpha.data[i] === value),
      stillWhole: grey.length,
    };
  });
  expect(deep).toEqual(['Uint16Array', 72 * 56, 1, 16]);
  expect(deepNoise).toBe(true);
  expect(alpha).toBe(72 * 56 * 4);
  expect(alphaKept).toBe(true);
  expect(stillWhole).toBe(72 * 56);
});

test('bitmaps, canvases and <img> are taken as they are shown', async () => {
  const engines = await page.evaluate(async () => {
    const denoiser = await window.degrain.createDenoiser({ key: 'pk_local' });
    const { noisy } = window.probe.scene(48, 40, 25);
    const image = new Image();
    image.src = URL.createObjectURL(await window.probe.pngOf(noisy));
    const canvas = new OffscreenCanvas(48, 40);
    canvas.getContext('2d')?.putImageData(noisy, 0, 0);
    const bitmap = await createImageBitmap(noisy);
    const none = { strength: 0, sigma: 25 };
    const results = [];
    for (const input of [image, canvas, bitmap]) {
      const result = await denoiser.denoise(input, none);
      results.push(result.image.data.every((value, i) => value === noisy.data[i]) && bitmap.width === 48);
    }
    denoiser.dispose();
    return results;
  });
  expect(engines).toEqual([true, true, true]);
});

test('a filter runs without a download, a blind autoencoder without sigma', async () => {
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(request.url()));
  const found = await page.evaluate(async () => {
    const { createDenoiser } = window.degrain;
    const { scene, psnr } = window.probe;
    const { clean, noisy } = scene(96, 64, 25);
    const denoiser = await createDenoiser({ key: 'pk_local', model: 'median' });
    const filtered = await denoiser.denoise(noisy, { sigma: 25 });
    const gain = psnr(filtered.image, clean) - psnr(noisy, clean);
    const digits = await createDenoiser({ key: 'pk_local', model: 'dense-mnist' });
    const stages: Progress[] = [];
    const samples = { data: new Uint8Array(784).fill(99), width: 28, height: 28, channels: 1, depth: 8 } as const;
    const digit = await digits.denoise(samples, { onProgress: (progress) => stages.push(progress) });
    const refused = await digits.denoise(noisy).catch((failure) => failure.code);
    for (const each of [denoiser, digits]) each.dispose();
    const estimate = stages.find(({ stage, done }) => stage === 'estimate' && done === 1);
    return {
      gain,
      engines: [filtered.engine, digit.engine],
      sigmas: [filtered.sigma, digit.sigma ?? 'none'],
      estimate,
      changed: digit.image.data.some((value) => value !== 99),
      refused,
    };
  });
  expect(found.gain).toBeGreaterThan(2);
  expect(found.engines).toEqual(['filter', 'wasm']);
  expect(found.sigmas).toEqual([25, 'none']);
  expect(found.estimate).toEqual({ stage: 'estimate', done: 1, total: 1 });
  expect(found.changed).toBe(true);
  expect(found.refused).toBe('bad-request');
  expect(fetched.filter((url) => url.includes('/models/median/') && !url.includes('/v1/'))).toEqual([]);
  expect(fetched.some((url) => url.includes('/models/dense-mnist/'))).toBe(true);
});

test('a tiny picture can run at the edge', async () => {
  const { engine, gain } = await page.evaluate(async () => {
    const denoiser = await window.degrain.createDenoiser({ key: 'pk_local', engine: 'edge' });
    const { clean, noisy } = window.probe.scene(64, 48, 25);
    const { engine, image } = await denoiser.denoise(noisy, { sigma: 25 });
    denoiser.dispose();
    return { engine, gain: window.probe.psnr(image, clean) - window.probe.psnr(noisy, clean) };
  });
  expect(engine).toBe('edge');
  expect(gain).toBeGreaterThan(3);
});

test('a second denoiser takes the model from Cache Storage, and heals a copy that was cut short', async () => {
  const requested: string[] = [];
  page.on('request', (request) => requested.push(request.url()));
  const run = () =>
    page.evaluate(async () => {
      const denoiser = await window.degrain.createDenoiser({ key: 'pk_local' });
      const { engine } = await denoiser.denoise(window.probe.scene(48, 40, 25).noisy, { sigma: 25 });
      denoiser.dispose();
      return engine;
    });
  const downloads = () => requested.splice(0).filter((url) => new URL(url).pathname.startsWith('/models/fast/'));
  expect(await run()).toBe('wasm');
  downloads();
  expect(await run()).toBe('wasm');
  expect(downloads()).toEqual([]);

  await page.evaluate(async () => {
    const cache = await caches.open('degrain-files-1');
    for (const key of await cache.keys()) {
      const bytes = await (await cache.match(key))?.arrayBuffer();
      await cache.put(key, new Response(bytes?.slice(0, -100)));
    }
  });
  expect(await run()).toBe('wasm');
  expect(downloads().filter((url) => url.includes('weights.q8'))).toHaveLength(1);
  expect(await run()).toBe('wasm');
  expect(downloads().filter((url) => url.includes('weights.q8'))).toHaveLength(0);
});
