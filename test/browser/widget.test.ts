import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Edge, startEdge } from '../worker/harness.ts';
import { launchChromium } from './chromium.ts';
import { inState, noisyPng, openWidget, PICTURE } from './widget-page.ts';

let edge: Edge;
let browser: Browser;
let picture: Buffer;
beforeAll(async () => {
  [edge, browser] = await Promise.all([startEdge(), launchChromium({ webgpu: false })]);
  picture = await noisyPng(browser, edge, 240, 160);
});
afterAll(async () => {
  await browser.close();
  await edge.close();
});

const open = (html: string) => openWidget(browser, edge, picture, html);
const SIMPLE = `<denoise-image src="${PICTURE}" alt="A lake" key="pk_local" sigma="25"></denoise-image>`;

const names = (page: Page) => page.evaluate(() => window.heard.map(({ name }) => name));

test('a plain picture until asked, then events in order and a result', async () => {
  const page = await open(SIMPLE);
  const requests: string[] = [];
  page.on('request', (request) => requests.push(new URL(request.url()).pathname));
  const image = page.getByRole('img', { name: 'A lake' });
  await image.waitFor();
  expect(await page.evaluate(() => window.element.state)).toBe('idle');
  expect(page.workers()).toEqual([]);
  expect(requests.filter((path) => path !== PICTURE)).toEqual([]);

  await page.getByRole('button', { name: 'Remove noise' }).click();
  await inState(page, 'done');
  const heard = await page.evaluate(() => window.heard);
  const order = heard.map(({ name }) => name).filter((name, i, all) => name !== all[i - 1]);
  expect(order[0]).toBe('progress');
  expect(order.indexOf('plan')).toBeLessThan(order.indexOf('tile'));
  expect(order.at(-1)).toBe('done');
  expect(heard.find(({ name }) => name === 'plan')?.detail).toMatchObject({ width: 240, height: 160, tiles: 1 });
  expect(heard.find(({ name }) => name === 'tile')?.detail).toMatchObject({ done: 1, total: 1 });
  expect(await names(page)).not.toContain('error');
  await page.close();
});
