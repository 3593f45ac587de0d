import axe from 'axe-core';
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

test('the engines that work here are timed, and the table can be copied', async () => {
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  await page.goto(new URL('/bench/', edge.url).href);
  await page.locator('#side').selectOption('256x256');
  await page.locator('#run').click();
  await page.getByText('Done.').waitFor({ timeout: 60_000 });
  const cells = await page.locator('#rows tr').locator('th, td').allTextContents();
  expect(cells).toHaveLength(4);
  expect(cells[0]).toBe('wasm');
  expect(Number(cells[1])).toBeGreaterThan(0);
  expect(await page.locator('#device').textContent()).toContain('no adapter');
  await page.locator('#copy').click();
  await page.getByText('Copied.').waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain('fast, 256 x 256');
  expect(copied).toContain(`| ${cells.join(' | ')} |`);
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run());
  expect(violations.map(({ id }) => id)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
  await context.close();
});

test('a run can be cancelled, and another one started', async () => {
  const page = await browser.newPage();
  await page.goto(new URL('/bench/', edge.url).href);
  await page.locator('#run').click();
  await page.locator('#cancel').click();
  await page.getByText('Cancelled.').waitFor();
  expect(await page.locator('#run').isEnabled()).toBe(true);
  expect(await page.locator('#copy').isEnabled()).toBe(false);
  await page.close();
});
