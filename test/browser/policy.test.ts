import type { Browser, Page } from 'playwright-core';
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

/** A page of ours, with what its policy forbade it and what it asked of other origins. */
async function open(path: string) {
  const page = await browser.newPage({ reducedMotion: 'reduce' });
  const violations: string[] = [];
  const strangers: string[] = [];
  // workers complain in the console alone
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) violations.push(message.text());
  });
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== edge.url.origin) strangers.push(request.url());
  });
  await page.addInitScript(() => {
    const seen: string[] = [];
    Object.assign(window, { seen });
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      seen.push(`${violatedDirective} ${blockedURI}`),
    );
  });
  const response = await page.goto(new URL(path, edge.url).href);
  const seen = () => page.evaluate(() => (window as unknown as { seen: string[] }).seen);
  return { page, response, strangers, violations: async () => [...violations, ...(await seen())] };
}

const finished = (page: Page) => page.locator('body[data-state="done"]').waitFor({ timeout: 110_000 });

test('the page denoises its example under its policy', async () => {
  const { page, response, strangers, violations } = await open('/app/');
  expect(response?.headers()['content-security-policy']).toContain("script-src 'self';");
  await page.locator('#example').click();
  await finished(page);
  const download = page.waitForEvent('download');
  await page.locator('#download').click();
  expect((await download).suggestedFilename()).toContain('degrained');
  expect(await violations()).toEqual([]);
  expect(strangers).toEqual([]);
  await page.close();
});

test('the page of usage shows a site its totals under its policy', async () => {
  const { page, strangers, violations } = await open('/usage/');
  await page.locator('#key').fill('sk_local');
  await page.locator('#question button[type=submit]').click();
  await page.waitForResponse((response) => response.url().includes('/v1/usage'));
  expect(await violations()).toEqual([]);
  expect(strangers).toEqual([]);
  await page.close();
});

test('the policy is in force: what it does not name is refused', async () => {
  const { page, violations } = await open('/');
  await page.evaluate(() => {
    document.body.insertAdjacentHTML(
      'beforeend',
      '<img src="https://elsewhere.example/a.png" onerror="window.ran = 1">',
    );
    const script = document.createElement('script');
    script.textContent = 'window.ran = 2';
    document.body.append(script);
  });
  await expect.poll(async () => (await violations()).join('\n')).toMatch(/img-src[\s\S]*script-src/);
  expect(await page.evaluate(() => 'ran' in window)).toBe(false);
  await page.close();
});

test.each([
  ['desktop', 1280],
  ['phone', 360],
])('the API reference needs nothing but the edge, and fits a %s', async (_, width) => {
  const { page, strangers, violations } = await open('/docs');
  await page.setViewportSize({ width, height: 800 });
  await page.getByRole('heading', { name: 'The HTTP API' }).waitFor();
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).not.toBe('rgba(0, 0, 0, 0)');
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
  await page.locator('#createPlan details').first().locator('summary').click();
  expect(await page.locator('#createPlan pre').nth(1).isVisible()).toBe(true);
  expect(await violations()).toEqual([]);
  expect(strangers).toEqual([]);
  await page.close();
});

test('no page may show ours in a frame', async () => {
  const page = await browser.newPage();
  await page.route('**/framing.html', (route) =>
    route.fulfill({ contentType: 'text/html', body: `<iframe src="${edge.url.href}"></iframe>` }),
  );
  const refused = page.waitForEvent('console', (message) => message.text().includes('frame-ancestors'));
  await page.goto(new URL('/framing.html', edge.url).href);
  await refused;
  await page.close();
});
