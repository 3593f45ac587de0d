import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
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

/** What docs/embedding.md tells people to write. */
const embedding = (edge: URL) => `<!doctype html><title>somebody's page</title><p id="said">waiting</p>
<script type="module">
  import { createDenoiser } from '${edge.origin}/degrain.js';
  const canvas = new OffscreenCanvas(60, 40);
  canvas.getContext('2d').fillRect(5, 5, 30, 20);
  const denoiser = await createDenoiser({ key: 'pk_local' });
  const { image, engine } = await denoiser.denoise(await canvas.convertToBlob(), { sigma: 20 });
  document.querySelector('#said').textContent = [engine, image.width, image.height].join(' ');
</script>`;

test('a page of another origin embeds the library, worker, engine and model included', async () => {
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end(embedding(edge.url));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(origin).not.toBe(edge.url.origin);

  const page = await browser.newPage();
  const preflights: string[] = [];
  page.on('request', (request) => request.method() === 'OPTIONS' && preflights.push(request.url()));
  await page.goto(origin);
  const said = page.locator('#said');
  await expect.poll(() => said.textContent(), { timeout: 60_000 }).toBe('wasm 60 40');
  expect(preflights).toEqual([]);
  expect(page.workers().map((worker) => worker.url())).toEqual([
    expect.stringMatching(/^blob:/),
    expect.stringMatching(/^blob:/),
  ]);
  await page.close();
  server.close();
});
