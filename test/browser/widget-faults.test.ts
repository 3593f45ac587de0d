import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DegrainError } from '../../client/index.ts';
import { plainPng } from '../hostile/png.ts';
import { type Edge, startEdge } from '../worker/harness.ts';
import { launchChromium } from './chromium.ts';
import { inState, openWidget, PICTURE, servePicture } from './widget-page.ts';

let edge: Edge;
let browser: Browser;
const picture = plainPng(900, 700);
beforeAll(async () => {
  [edge, browser] = await Promise.all([startEdge(), launchChromium({ webgpu: false })]);
});
afterAll(async () => {
  await browser.close();
  await edge.close();
});

const open = (src = PICTURE) =>
  openWidget(
    browser,
    edge,
    picture,
    `<denoise-image key="pk_local" model="mean" sigma="25" src="${src}" alt="A lake"></denoise-image>`,
  );

const start = (page: Page) => page.getByRole('button', { name: 'Remove noise' }).click();
const code = (page: Page) => page.evaluate(() => window.element.error?.code);
const errors = (page: Page) =>
  page.evaluate(() =>
    window.heard.filter(({ name }) => name === 'error').map(({ detail }) => (detail as DegrainError).code),
  );

/** The error is in the element, the picture is where it was, and there is a way out. */
async function failed(page: Page, wanted: string): Promise<void> {
  await inState(page, 'failed');
  expect(await code(page)).toBe(wanted);
  expect(await errors(page)).toEqual([wanted]);
  expect(await page.getByText('The noise could not be removed.').first().isVisible()).toBe(true);
  expect(await page.getByRole('button', { name: 'Try again' }).isVisible()).toBe(true);
  expect(await page.getByRole('status').textContent()).toContain('could not be removed');
}

/** Until the first tile is there. */
const running = (page: Page) =>
  page.waitForFunction(() => window.heard.some(({ name }) => name === 'tile'), undefined, { polling: 5 });

test('removed while it runs, it stops, gives all back and says nothing; put back, it works', async () => {
  const page = await open();
  const usage = page.waitForRequest(/v1\/usage/);
  const left = await page.evaluate(async () => {
    const { element } = window;
    const run = element.denoise().catch(({ name }) => name);
    await new Promise((resolve) => element.addEventListener('tile', resolve, { once: true }));
    element.remove();
    const name = await run;
    const sizes = [...(element.shadowRoot?.querySelectorAll('canvas') ?? [])].map(({ width }) => width);
    return { name, sizes, state: element.state };
  });
  expect(left).toEqual({ name: 'AbortError', sizes: [0, 0], state: 'idle' });
  expect(JSON.parse((await usage).postData() ?? '')).toMatchObject({ outcome: 'aborted' });
  await expect.poll(() => page.workers().length, { timeout: 10_000 }).toBe(0);
  await page.evaluate(() => document.body.append(window.element));
  await start(page);
  await inState(page, 'done');
  expect(await errors(page)).toEqual([]);
  await page.close();
});

test('moved to another place while it runs, it goes on', async () => {
  const page = await open();
  await start(page);
  await running(page);
  await page.evaluate(() => document.body.appendChild(document.createElement('main')).append(window.element));
  await inState(page, 'done');
  expect(await page.evaluate(() => window.heard.filter(({ name }) => name === 'done').length)).toBe(1);
  await page.close();
});

test('cancelled by Escape, the keyboard is back on the button', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'Remove noise' }).focus();
  await page.keyboard.press('Enter');
  await running(page);
  const focused = () => page.evaluate(() => window.element.shadowRoot?.activeElement?.textContent);
  expect(await focused()).toBe('Cancel');
  await page.keyboard.press('Escape');
  await inState(page, 'idle');
  expect(await focused()).toBe('Remove noise');
  expect(await page.getByRole('status').textContent()).toBe('Cancelled.');
  expect(await errors(page)).toEqual([]);
  await page.close();
});

test('a network that is away is an error with a way out', async () => {
  const page = await open();
  await page.getByRole('img', { name: 'A lake' }).waitFor();
  await page.context().setOffline(true);
  await start(page);
  await failed(page, 'network');
  expect(await page.getByRole('img', { name: 'A lake' }).isVisible()).toBe(true);
  await page.getByRole('button', { name: 'Close' }).click();
  await inState(page, 'idle');
  await start(page);
  await inState(page, 'failed');
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'Try again' }).click();
  await inState(page, 'done');
  await page.close();
});

test('a broken picture is an error; another one works', async () => {
  const page = await open();
  await servePicture(page, picture.subarray(0, 200), '/test-pictures/broken.png');
  await page.evaluate(() => {
    window.element.src = '/test-pictures/broken.png';
  });
  await start(page);
  await failed(page, 'invalid-image');
  expect(await page.getByText('save it as PNG').first().isVisible()).toBe(true);
  await page.evaluate((src) => {
    window.element.src = src;
  }, PICTURE);
  await start(page);
  await inState(page, 'done');
  await page.close();
});

test('a picture that its server lets no page read stays on show, with the reason', async () => {
  const page = await open();
  const address = 'http://pictures.example/lake.png';
  const headers = { 'Access-Control-Allow-Origin': 'http://another.example' };
  await page.route(address, (route) =>
    route.fulfill({ body: Buffer.from(picture), contentType: 'image/png', headers }),
  );
  await page.evaluate((src) => {
    window.element.src = src;
  }, address);
  await start(page);
  await failed(page, 'invalid-image');
  const image = page.getByRole('img', { name: 'A lake' });
  expect(await image.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(900);
  expect(await page.getByText('crossorigin').first().isVisible()).toBe(true);
  await page.close();
});

test('one pixel is a picture', async () => {
  const dot = plainPng(1, 1);
  const page = await open();
  await servePicture(page, dot, '/test-pictures/dot.png');
  await page.evaluate(() => {
    window.element.src = '/test-pictures/dot.png';
  });
  await start(page);
  await inState(page, 'done');
  // its tools stand beside it, not in it
  expect((await page.locator('denoise-image').boundingBox())?.width).toBe(1);
  expect(await page.getByRole('button', { name: 'Save' }).isVisible()).toBe(true);
  await page.close();
});

test('an element without a picture says so, and one that is in no page too', async () => {
  const page = await open();
  const codes = await page.evaluate(async () => {
    const { element } = window;
    element.removeAttribute('src');
    const none = await element.denoise().catch(({ code }) => code);
    element.remove();
    return [none, await element.denoise().catch(({ code }) => code)];
  });
  expect(codes).toEqual(['bad-request', 'bad-request']);
  await page.close();
});
