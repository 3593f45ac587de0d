import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Catalogue, ModelFile } from '../../client/edge/api.ts';
import type { DegrainError, DenoiserOptions, TileEvent } from '../../client/index.ts';
import { type Edge, startEdge } from '../worker/harness.ts';
import { launchChromium } from './chromium.ts';
import { openPage } from './page.ts';
import { serveToy } from './toy-model.ts';

let edge: Edge;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  [edge, browser] = await Promise.all([startEdge(), launchChromium({ webgpu: false })]);
});
beforeEach(async () => {
  page = await openPage(browser, edge);
  return () => page.close();
});
afterAll(async () => {
  await browser.close();
  await edge.close();
});

/** What denoising a small picture fails with. */
const failure = (options: DenoiserOptions) =>
  page.evaluate(async (options) => {
    const denoiser = await window.degrain.createDenoiser({ key: 'pk_local', ...options });
    try {
      await denoiser.denoise(window.probe.scene(48, 48, 25).noisy, { sigma: 25 });
      return undefined;
    } catch (error) {
      const { name, code, remedy, received } = error as DegrainError;
      return { name, code, remedy, received };
    } finally {
      denoiser.dispose();
    }
  }, options);

test('an abort rejects at once, ends the run in the worker, and leaves the denoiser usable', async () => {
  await serveToy(page, edge);
  const usage = page.waitForRequest(/v1\/usage/);
  const { name, waited, totals, after } = await page.evaluate(async () => {
    const denoiser = await window.degrain.createDenoiser({ key: 'pk_local' });
    const run = new AbortController();
    const tiles: TileEvent[] = [];
    let aborted = 0;
    const onTile = (event: TileEvent) => {
      tiles.push(event);
      aborted = performance.now();
      run.abort();
    };
    const { noisy } = window.probe.scene(1100, 700, 25);
    const name = await denoiser.denoise(noisy, { signal: run.signal, onTile, sigma: 25 }).catch((error) => error.name);
    const waited = performance.now() - aborted;
    const { engine } = await denoiser.denoise(window.probe.scene(48, 48, 25).noisy, { sigma: 25 });
    return { name, waited, totals: tiles.map(({ total }) => total), after: engine };
  });
  expect(name).toBe('AbortError');
  expect(waited).toBeLessThan(50);
  expect(totals).toHaveLength(1);
  expect(totals[0]).toBeGreaterThan(2);
  expect(after).toBe('wasm');
  // the second tile may have begun when the page heard of the first
  const report = JSON.parse((await usage).postData() ?? '');
  expect(report.outcome).toBe('aborted');
  expect(report.tiles).toBeLessThan(totals[0] as number);
});

test('an abort does not wait for a picture that never comes', async () => {
  await page.route('**/never.png', () => 'never answered');
  const name = await page.evaluate(async () => {
    const denoiser = await window.degrain.createDenoiser({ key: 'pk_local', model: 'mean' });
    const image = new Image();
    image.src = '/never.png';
    const run = new AbortController();
    const pending = denoiser.denoise(image, { signal: run.signal }).catch((error) => error.name);
    run.abort();
    return pending;
  });
  expect(name).toBe('AbortError');
});

test('a file that is no picture is an invalid-image', async () => {
  const error = await page.evaluate(async () => {
    const denoiser = await window.degrain.createDenoiser({ key: 'pk_local' });
    const png = await window.probe.pngOf(window.probe.scene(48, 48, 25).noisy);
    const broken = new Blob([(await png.arrayBuffer()).slice(0, 40)], { type: 'image/png' });
    return denoiser.denoise(broken).catch(({ code, remedy }: DegrainError) => ({ code, remedy }));
  });
  expect(error).toMatchObject({ code: 'invalid-image', remedy: expect.stringContaining('its end is missing') });
});

test('weights whose hash is wrong are fetched once more and then refused', async () => {
  let requests = 0;
  await page.route('**/weights.q8?*', async (route) => {
    requests++;
    const response = await route.fetch();
    const body = await response.body();
    body[5000] = (body[5000] ?? 0) ^ 1;
    await route.fulfill({ response, body });
  });
  // not 'auto', which would send so small a picture to the edge instead
  expect(await failure({ engine: 'wasm' })).toMatchObject({
    code: 'integrity',
    remedy: expect.stringContaining('reload the page'),
  });
  expect(requests).toBe(2);
});

test('a wrong download that was only in a cache is healed by the second', async () => {
  let requests = 0;
  await page.route('**/weights.q8?*', (route) => (requests++ === 0 ? route.fulfill({ body: 'x' }) : route.continue()));
  expect(await failure({ engine: 'wasm' })).toBeUndefined();
  expect(requests).toBe(2);
});

test('a download that breaks off in the middle goes on from there', async () => {
  const { models } = (await (await edge.fetch('/v1/models')).json()) as Catalogue;
  const file = models[0]?.files.q8.find(({ name }) => name === 'weights.q8') as ModelFile;
  const bytes = Buffer.from(await (await edge.fetch(new URL(file.url).pathname)).arrayBuffer());
  const ranges: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const { range } = request.headers;
    ranges.push(range);
    if (range === undefined) {
      // the line is cut after half of it
      response.writeHead(200, { 'Content-Length': bytes.length });
      response.write(bytes.subarray(0, bytes.length / 2), () => setTimeout(() => response.destroy(), 100));
      return;
    }
    const from = Number(range.match(/^bytes=(\d+)-$/)?.[1]);
    response.writeHead(206, { 'Content-Range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` });
    response.end(bytes.subarray(from));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await page.route(`**/${file.name}?*`, (route) => route.continue({ url: cut }));
  expect(await failure({ engine: 'wasm' })).toBeUndefined();
  expect(ranges).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]/)]);
  server.close();
});

test('without WebGPU, asking for it and nothing else says what to do', async () => {
  const error = await failure({ engine: 'tfjs-webgpu' });
  expect(error).toMatchObject({ code: 'engine-unavailable', received: expect.stringContaining('no WebGPU') });
  expect(error?.remedy).toContain("engine: 'auto'");
});

test('a wrong key, an unknown model and an edge that is away are told apart', async () => {
  expect(await failure({ key: 'pk_other' })).toMatchObject({ code: 'unauthorized' });
  expect(await failure({ model: 'none' })).toMatchObject({ code: 'not-found' });
  await page.route('**/v1/plans?*', (route) => route.abort());
  expect(await failure({})).toMatchObject({ code: 'network', remedy: expect.stringContaining('connection') });
});

test('an engine that does not load is an error, not a page that waits', async () => {
  // our kernels' self-test, and TF.js after it
  await page.route(/\/models\/.*golden|\.wasm$/, (route) => route.abort());
  expect(await failure({ engine: 'wasm' })).toMatchObject({ code: 'engine-failed' });
});

test('after all engines have failed, the next picture gets a new worker', async () => {
  await serveToy(page, edge, { factor: Number.NaN });
  const denoiser = await page.evaluateHandle(() => window.degrain.createDenoiser({ key: 'pk_local', engine: 'wasm' }));
  const code = await denoiser.evaluate((denoiser) =>
    denoiser.denoise(window.probe.scene(48, 48, 25).noisy, { sigma: 25 }).catch(({ code }: DegrainError) => code),
  );
  expect(code).toBe('engine-failed');
  await page.unrouteAll();
  await serveToy(page, edge);
  const another = page.waitForEvent('worker');
  const engine = await denoiser.evaluate(
    async (denoiser) => (await denoiser.denoise(window.probe.scene(48, 48, 25).noisy, { sigma: 25 })).engine,
  );
  expect(engine).toBe('wasm');
  await another;
});

test('a worker that does not load, or dies, rejects; the next picture gets a new one', async () => {
  await serveToy(page, edge);
  const started = page.waitForEvent('worker');
  const denoiser = await page.evaluateHandle(() => window.degrain.createDenoiser({ key: 'pk_local' }));
  const worker = await started;
  const asked = page.waitForRequest(/v1\/plans/);
  await page.route('**/v1/plans?*', () => 'never answered', { times: 1 });
  const pending = denoiser.evaluate((denoiser) =>
    denoiser
      .denoise(window.probe.scene(48, 48, 25).noisy)
      .catch(({ code, received }: DegrainError) => ({ code, received })),
  );
  await asked;
  // the worker ends before it can answer
  const never = worker.evaluate(() => {
    setTimeout(() => {
      throw new Error('out of luck');
    });
  });
  never.catch(() => 'as it should');
  expect(await pending).toMatchObject({ code: 'engine-failed', received: expect.stringContaining('out of luck') });
  const engine = await denoiser.evaluate(
    async (denoiser) => (await denoiser.denoise(window.probe.scene(48, 48, 25).noisy, { sigma: 25 })).engine,
  );
  expect(engine).toBe('wasm');

  await page.route('**/assets/worker-*', (route) => route.abort());
  const code = await page.evaluate(() =>
    window.degrain.createDenoiser({ key: 'pk_local' }).catch(({ code }: DegrainError) => code),
  );
  // nor on the page's own thread, which was tried as well
  expect(code).toBe('network');
});
