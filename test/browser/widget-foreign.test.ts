import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DenoiseImageElement } from '../../client/widget/contract.ts';
import { type Edge, startEdge } from '../worker/harness.ts';
import { launchChromium } from './chromium.ts';
import { startForeignSite, strictPolicy } from './foreign-site.ts';
import { serveToy } from './toy-model.ts';
import { noisyPng, PICTURE, servePicture } from './widget-page.ts';

let edge: Edge;
let browser: Browser;
let picture: Buffer;
beforeAll(async () => {
  [edge, browser] = await Promise.all([startEdge(), launchChromium({ webgpu: false })]);
  picture = await noisyPng(browser, edge, 900, 700);
});
afterAll(async () => {
  await browser.close();
  await edge.close();
});

const element = () => `<denoise-image src="${edge.url.origin}${PICTURE}" alt="A lake" key="pk_local"></denoise-image>`;
const html = () => `<!doctype html><title>Somebody's page</title>
<script type="module" src="${edge.url.origin}/widget.js"></script>
${element()}`;

async function visit(headers: Record<string, string>): Promise<{ page: Page; refused: string[]; close(): Promise<void> }> {
  const site = await startForeignSite(html(), headers);
  const page = await browser.newPage();
  const refused: string[] = [];
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) refused.push(message.text());
  });
  await serveToy(page, edge);
  await servePicture(page, picture);
  await page.goto(site.url);
  const close = async () => {
    await page.close();
    site.close();
  };
  return { page, refused, close };
}

const find = (page: Page) =>
  page.locator('denoise-image').evaluate((found) => {
    const { state, result, error } = found as DenoiseImageElement;
    return { state, engine: result?.engine, tiles: result?.plan?.tiles.length, error: error?.message };
  });

test('under a policy that names the edge alone, the page’s own thread does the work, tile by tile', async () => {
  const { page, refused, close } = await visit({ 'Content-Security-Policy': strictPolicy(edge.url) });
  await page.getByRole('button', { name: 'Remove noise' }).click();
  await expect.poll(() => find(page), { timeout: 60_000 }).toMatchObject({ state: 'done', engine: 'wasm' });
  expect(page.workers()).toEqual([]);
  // the worker that was tried, and nothing else
  expect(refused).toHaveLength(1);
  expect(refused[0]).toContain('blob:');
  expect((await find(page)).tiles).toBeGreaterThan(1);
  // mixing and saving run there too
  await page.getByRole('radio', { name: 'Noise' }).focus();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save' }).click();
  expect((await download).suggestedFilename()).toBe('night-degrained.png');
  await close();
});

test('a page without a policy gets a worker', async () => {
  const { page, close } = await visit({});
  await page.getByRole('button', { name: 'Remove noise' }).click();
  await expect.poll(() => find(page), { timeout: 60_000 }).toMatchObject({ state: 'done', engine: 'wasm' });
  expect(page.workers().map((worker) => worker.url())).toEqual([expect.stringMatching(/^blob:/)]);
  await close();
});
