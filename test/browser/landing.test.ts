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

test('the landing page denoises its own picture under its policy, fits a phone, and axe finds nothing', async () => {
  const page = await browser.newPage({ reducedMotion: 'reduce', viewport: { width: 360, height: 740 } });
  const violations: string[] = [];
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) violations.push(message.text());
  });
  await page.goto(edge.url.href);
  await page.locator('#hero').scrollIntoViewIfNeeded();
  await expect
    .poll(() => page.locator('#hero-said').textContent(), { timeout: 60_000 })
    .toMatch(/^Your device removed the noise, in \d+\.\d s on its processor\.$/);
  expect(await page.locator('[data-origin]').allTextContents()).toEqual([edge.url.origin, edge.url.origin]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
  await page.evaluate(axe.source);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const found = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run());
    expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  }
  expect(violations).toEqual([]);
  await page.close();
});

test('the landing page says so where the noise stays, and takes it back once it has gone', async () => {
  const page = await browser.newPage();
  await page.route('**/v1/plans*', (route) => route.abort());
  await page.goto(edge.url.href);
  await page.locator('#hero').scrollIntoViewIfNeeded();
  const said = () => page.locator('#hero-said').textContent();
  await expect.poll(said, { timeout: 30_000 }).toBe('The noise is still there: the picture says why.');
  expect(await page.locator('#hero').getByText('Check the connection').first().isVisible()).toBe(true);
  await page.unroute('**/v1/plans*');
  await page.locator('#hero').getByRole('button', { name: 'Try again' }).click();
  await expect.poll(said, { timeout: 60_000 }).toMatch(/^Your device removed the noise/);
  await page.close();
});
