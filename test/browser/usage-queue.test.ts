import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { UsageReport } from '../../worker/usage/report.ts';
import { type Edge, startEdge } from '../worker/harness.ts';
import { launchChromium } from './chromium.ts';
import { openPage } from './page.ts';

let edge: Edge;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  [edge, browser] = await Promise.all([startEdge(), launchChromium({ webgpu: false })]);
  page = await openPage(await browser.newContext(), edge);
});
afterAll(async () => {
  await browser.close();
  await edge.close();
});

async function totals(): Promise<UsageReport['total']> {
  const response = await edge.fetch('/v1/usage', { headers: { Authorization: 'Bearer sk_local' } });
  return ((await response.json()) as UsageReport).total;
}

const kept = (page: Page) =>
  page.evaluate(() => JSON.parse(localStorage.getItem('degrain-usage') ?? '[]') as { report: object }[]);
const denoise = (page: Page) =>
  page.evaluate(async () => {
    const denoiser = await window.degrain.createDenoiser({ key: 'pk_local', model: 'mean' });
    const result = await denoiser.denoise(window.probe.scene(48, 32, 25).noisy);
    denoiser.dispose();
    return result.plan?.planId;
  });

test('a report that cannot be sent waits, and goes when the browser is online again, once', async () => {
  await page.context().route('**/v1/usage?**', (route) => route.abort('internetdisconnected'));
  const planId = await denoise(page);
  await expect.poll(() => kept(page)).toMatchObject([{ report: { planId, backend: 'filter', outcome: 'ok' } }]);
  expect((await totals()).outcomes).toEqual({});
  // two tabs, and both see that the network is back
  const other = await openPage(page.context(), edge);
  await other.evaluate(() => window.degrain.createDenoiser({ key: 'pk_local' }));
  await page.context().unroute('**/v1/usage?**');
  await page.context().setOffline(true);
  await page.context().setOffline(false);
  await expect.poll(() => kept(page), { timeout: 10_000 }).toEqual([]);
  expect((await totals()).outcomes).toEqual({ filter: { ok: 1 } });
  await other.close();
});

test('what waited from an earlier visit is sent, with a plan that the edge has never seen', async () => {
  const before = await totals();
  const report = {
    ...{ planId: crypto.randomUUID(), backend: 'wasm', adapter: '', tiles: 1, milliseconds: 5, outcome: 'ok' },
    plan: { model: 'fast@1.2.0', width: 1000, height: 500, precision: 'q8', device: { backend: 'wasm' } },
  };
  const entry = { address: new URL('/v1/usage?key=pk_local', edge.url).href, report, since: Date.now() };
  const old = { ...entry, report: { ...report, planId: crypto.randomUUID() }, since: Date.now() - 15 * 24 * 3600e3 };
  await page.evaluate(
    (list) => localStorage.setItem('degrain-usage', JSON.stringify(list)),
    [null, old, { address: 7 }, entry],
  );
  await page.evaluate(() => window.degrain.createDenoiser({ key: 'pk_local' }));
  await expect.poll(() => kept(page), { timeout: 10_000 }).toEqual([]);
  const { plans, megapixels } = await totals();
  expect(plans).toBe(before.plans + 1);
  expect(megapixels).toBeCloseTo(before.megapixels + 0.5, 9);
});

test('too many do not pile up: the oldest go', async () => {
  await page.context().route('**/v1/usage?**', (route) => route.abort('internetdisconnected'));
  const address = new URL('/v1/usage?key=pk_local', edge.url).href;
  const many = Array.from({ length: 100 }, (_, i) => ({
    ...{ address, since: Date.now(), report: { planId: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}` } },
  }));
  await page.evaluate((list) => localStorage.setItem('degrain-usage', JSON.stringify(list)), many);
  const planId = await denoise(page);
  await expect.poll(async () => (await kept(page)).at(-1)?.report).toMatchObject({ planId });
  const list = await kept(page);
  expect(list).toHaveLength(100);
  expect(list[0]?.report).toEqual(many[1]?.report);
  await page.context().unroute('**/v1/usage?**');
});

test('a plan says how good the connection is, where the browser knows', async () => {
  const asked = page.waitForRequest(/v1\/plans/);
  await denoise(page);
  const { connection } = JSON.parse((await asked).postData() ?? '') as { connection?: object };
  expect(connection).toEqual({ saveData: expect.any(Boolean), downlinkMbps: expect.any(Number) });
});
