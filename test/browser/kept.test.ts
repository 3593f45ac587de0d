import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { DegrainError, DenoiserOptions } from '../../client/index.ts';
import type { UsageReport } from '../../worker/usage/report.ts';
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
  page = await openPage(await browser.newContext(), edge);
  return () => page.context().close();
});
afterAll(async () => {
  await browser.close();
  await edge.close();
});

/** What a worker asks of the edge beside scripts; those are the browser's own cache's, which routing switches off. */
const API = /\/v1\/|\/models\//;
const goAway = () => page.context().route(API, (route) => route.abort('internetdisconnected'));
const comeBack = () => page.context().unroute(API);

/** How a small picture ends on wasm. */
const denoise = (model: string, engine: DenoiserOptions['engine'] = ['wasm', 'edge']) =>
  page.evaluate(
    async ([model, engine]) => {
      const denoiser = await window.degrain.createDenoiser({ key: 'pk_local', model, engine });
      try {
        const { engine, plan } = await denoiser.denoise(window.probe.scene(48, 40, 25).noisy, { sigma: 25 });
        return { engine, planId: plan?.planId };
      } catch (failure) {
        return { code: (failure as DegrainError).code };
      } finally {
        denoiser.dispose();
      }
    },
    [model, engine] as const,
  );

async function totals(): Promise<UsageReport['total']> {
  const response = await edge.fetch('/v1/usage', { headers: { Authorization: 'Bearer sk_local' } });
  return ((await response.json()) as UsageReport).total;
}

const waiting = () => page.evaluate(() => JSON.parse(localStorage.getItem('degrain-usage') ?? '[]').length as number);

test('a model that was used once works without the edge, and each picture counts once when it is back', async () => {
  await goAway();
  expect(await denoise('fast')).toEqual({ code: 'network' });
  await comeBack();
  expect(await denoise('fast')).toMatchObject({ engine: 'wasm' });
  await expect.poll(waiting).toBe(0);
  const before = await totals();

  await goAway();
  expect(await denoise('fast')).toMatchObject({ engine: 'wasm', planId: expect.any(String) });
  expect(await denoise('fast@1.2.0')).toMatchObject({ engine: 'wasm' });
  // what only the edge may run is neither planned nor counted
  expect(await denoise('fast', 'edge')).toEqual({ code: 'network' });
  expect(await waiting()).toBe(2);
  expect((await totals()).plans).toBe(before.plans);
  await comeBack();
  await page.evaluate(async () => (await window.degrain.createDenoiser({ key: 'pk_local' })).dispose());
  await expect.poll(waiting, { timeout: 10_000 }).toBe(0);
  expect((await totals()).plans).toBe(before.plans + 2);
});

test('an edge that never answers is away for a kept model', async () => {
  expect(await denoise('mean')).toMatchObject({ engine: 'filter' });
  const started = page.waitForEvent('worker');
  const denoiser = await page.evaluateHandle(() => window.degrain.createDenoiser({ key: 'pk_local', model: 'mean' }));
  // without the seconds of patience
  await (await started).evaluate(() => {
    const { timeout } = AbortSignal;
    AbortSignal.timeout = () => timeout.call(AbortSignal, 50);
  });
  await page.context().route('**/v1/plans?*', () => 'never answered');
  const engine = await denoiser.evaluate(
    async (denoiser) => (await denoiser.denoise(window.probe.scene(48, 40, 25).noisy, { sigma: 25 })).engine,
  );
  expect(engine).toBe('filter');
});

test('a refusal is no missing edge: nothing is planned here', async () => {
  expect(await denoise('mean')).toMatchObject({ engine: 'filter' });
  const problem = { type: '/problems/quota-exceeded', detail: 'Wait.', expected: 'less', received: 'more' };
  await page.route('**/v1/plans?*', (route) => route.fulfill({ status: 429, json: problem }));
  expect(await denoise('mean')).toEqual({ code: 'quota-exceeded' });
});

test('a model is kept before its first picture, listed with its bytes, and forgotten', async () => {
  const kept = await page.evaluate(async () => {
    const { keepModel, isKept, listKept } = window.degrain;
    const before = await isKept('fast');
    const steps: { done: number; total: number }[] = [];
    const kept = await keepModel('fast', { onProgress: (step) => steps.push(step) });
    await keepModel('mean');
    return { before, kept, steps, list: await listKept(), after: await isKept('fast@1.2.0') };
  });
  expect(kept).toMatchObject({ before: false, after: true });
  expect(kept.kept).toMatchObject({ id: 'fast', version: '1.2.0', precisions: ['q8'] });
  expect(kept.kept.bytes).toBe(kept.steps.at(-1)?.total);
  expect(kept.steps.at(-1)).toEqual({ done: kept.kept.bytes, total: kept.kept.bytes });
  expect(kept.list).toMatchObject([kept.kept, { id: 'mean', bytes: 0 }]);

  await goAway();
  expect(await denoise('fast')).toMatchObject({ engine: 'wasm' });
  expect(await denoise('mean')).toMatchObject({ engine: 'filter' });
  const left = await page.evaluate(async () => {
    await window.degrain.forgetModel('fast');
    const files = await (await caches.open('degrain-files-1')).keys();
    return { list: await window.degrain.listKept(), files: files.length };
  });
  expect(left).toMatchObject({ list: [{ id: 'mean' }], files: 0 });
  expect(await denoise('fast')).toEqual({ code: 'network' });
});

test('the catalogue is remembered', async () => {
  const ids = () => page.evaluate(async () => (await window.degrain.listModels()).map(({ id }) => id));
  const listed = await ids();
  expect(listed).toContain('fast');
  await goAway();
  expect(await ids()).toEqual(listed);
});

test('two tabs at a time take the same model, keep it and denoise', async () => {
  const other = await openPage(page.context(), edge);
  const work = (tab: Page) =>
    tab.evaluate(async () => {
      const denoiser = await window.degrain.createDenoiser({ key: 'pk_local', engine: 'wasm' });
      const [kept, { engine }] = await Promise.all([
        window.degrain.keepModel('fast'),
        denoiser.denoise(window.probe.scene(48, 40, 25).noisy, { sigma: 25 }),
      ]);
      denoiser.dispose();
      return [kept.precisions, engine];
    });
  const done = [['q8'], 'wasm'];
  expect(await Promise.all([work(page), work(other)])).toEqual([done, done]);
  await other.evaluate(() => window.degrain.forgetModel('fast'));
  expect(await page.evaluate(() => window.degrain.listKept())).toEqual([]);
});

test('a full disk is an error when keeping, and none when denoising', async () => {
  const client = await page.context().newCDPSession(page);
  await client.send('Storage.overrideQuotaForOrigin', { origin: edge.url.origin, quotaSize: 100_000 });
  const failure = await page.evaluate(() =>
    window.degrain.keepModel('fast').catch(({ code, remedy }: DegrainError) => ({ code, remedy })),
  );
  expect(failure).toEqual({ code: 'storage', remedy: expect.stringContaining('forgetModel') });
  expect(await page.evaluate(() => window.degrain.isKept('fast'))).toBe(false);
  expect(await denoise('fast')).toMatchObject({ engine: 'wasm' });
});
