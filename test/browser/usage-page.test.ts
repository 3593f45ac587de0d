import { readFile } from 'node:fs/promises';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Edge, startEdge } from '../worker/harness.ts';
import { postJson, secret } from '../worker/requests.ts';
import { launchChromium } from './chromium.ts';

let edge: Edge;
let browser: Browser;
let page: Page;
let requests: { url: string; authorization: string | undefined }[];
beforeAll(async () => {
  [edge, browser] = await Promise.all([startEdge(), launchChromium({ webgpu: false })]);
  for (const width of [1000, 2000]) {
    const planId = crypto.randomUUID();
    await postJson(edge, '/v1/plans', { model: 'fast', width, height: 500, planId }, secret);
    const outcome = { planId, backend: 'wasm', tiles: 1, milliseconds: 2000, outcome: 'ok' };
    await postJson(edge, '/v1/usage', outcome, secret);
  }
});
beforeEach(async () => {
  page = await (await browser.newContext()).newPage();
  requests = [];
  page.on('request', (request) =>
    requests.push({ url: request.url(), authorization: request.headers().authorization }),
  );
  await page.goto(new URL('/usage/', edge.url).href);
  return () => page.context().close();
});
afterAll(async () => {
  await browser.close();
  await edge.close();
});

async function show(key: string): Promise<void> {
  await page.locator('#key').fill(key);
  await page.keyboard.press('Enter');
}

test('a site sees its usage as charts, as figures and as a table', async () => {
  await show('sk_local');
  await page.locator('#result').waitFor();
  expect(await page.locator('#totals').innerText()).toMatch(/plans\s+2\s/);
  expect(await page.locator('#totals').innerText()).toMatch(/megapixels\s+1\.5\s/);
  expect(await page.locator('.chart').count()).toBe(3);
  const bars = page.locator('.chart rect[height]:not(.key rect)');
  const today = new Date().toISOString().slice(0, 10);
  expect(await bars.locator('title').allTextContents()).toEqual(
    expect.arrayContaining([`${today}: 2 plans`, `${today}: 1.5 megapixels`, `${today}: 2 ok`]),
  );
  expect(await page.locator('#table tr').count()).toBe(2);
  await page.locator('#by').selectOption('backend');
  await expect.poll(() => page.locator('#table').innerText()).toContain('wasm');
  expect(await page.locator('.chart').count()).toBe(2);
});

test('axe finds nothing, with a report and without, nor in the reference at /docs', async () => {
  await page.setViewportSize({ width: 390, height: 800 });
  const found = async () => {
    // not as a script of the page, whose policy allows none of that kind
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run());
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  };
  expect(await found()).toEqual([]);
  await show('sk_local');
  await page.locator('#result').waitFor();
  expect(await found()).toEqual([]);
  await page.goto(new URL('/docs', edge.url).href);
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
  expect(await found()).toEqual([]);
});

test('the key is in no address, and stays in the tab until it is forgotten', async () => {
  await show('sk_local');
  await page.locator('#result').waitFor();
  expect(requests.map(({ url }) => url).join(' ')).not.toContain('sk_local');
  expect(requests.filter(({ authorization }) => authorization === 'Bearer sk_local')).toHaveLength(1);
  expect(page.url()).toBe(new URL('/usage/', edge.url).href);
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('sk_local');
  await page.reload();
  await page.locator('#result').waitFor();
  await page.locator('#forget').click();
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  await page.reload();
  expect(await page.locator('#key').inputValue()).toBe('');
  expect(await page.locator('#result').isHidden()).toBe(true);
});

test('a wrong key is told, and not kept', async () => {
  await show('sk_wrong');
  await page.locator('#error').waitFor();
  expect(await page.locator('#error').innerText()).toContain('Use the keys of your site');
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
});

test('the same comes as a file', async () => {
  await page.locator('#key').fill('sk_local');
  const waiting = page.waitForEvent('download');
  await page.locator('#csv').click();
  const download = await waiting;
  expect(download.suggestedFilename()).toMatch(/^degrain-usage-by-day-.*\.csv$/);
  expect(await readFile(await download.path(), 'utf8')).toMatch(/^day,plans,.*\r\n\d{4}-\d{2}-\d{2},2,0,1\.5,/);
});

test('nothing is written inline, and the dark has its own colours', async () => {
  await show('sk_local');
  await page.locator('#result').waitFor();
  expect(await page.locator('[style], style, script:not([src]), [onclick]').count()).toBe(0);
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await ground();
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await ground()).not.toBe(light);
});
