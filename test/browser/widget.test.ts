import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DenoiseImageEvents } from '../../client/widget/contract.ts';
import { plainPng } from '../hostile/png.ts';
import { type Edge, startEdge } from '../worker/harness.ts';
import { launchChromium } from './chromium.ts';
import { importInto } from './page.ts';
import { serveToy } from './toy-model.ts';
import { inState, openWidget, PICTURE, servePicture } from './widget-page.ts';

let edge: Edge;
let browser: Browser;
const picture = plainPng(240, 160);
beforeAll(async () => {
  [edge, browser] = await Promise.all([startEdge(), launchChromium({ webgpu: false })]);
});
afterAll(async () => {
  await browser.close();
  await edge.close();
});

const open = (html: string) => openWidget(browser, edge, picture, html);
/** With a filter where the network does not matter: it is there at once. */
const element = (attributes = '', children = '') =>
  `<denoise-image key="pk_local" model="mean" sigma="25" ${attributes}>${children}</denoise-image>`;
const SIMPLE = element(`src="${PICTURE}" alt="A lake"`);

const state = (page: Page) => page.evaluate(() => window.element.state);
const heard = (page: Page, name: string) =>
  page.evaluate((name) => window.heard.filter((event) => event.name === name).map(({ id }) => id), name);

/** Largest difference between the picture before and the one after, in 8-bit steps. */
const removed = (page: Page) =>
  page.evaluate(() => {
    const before = window.element.shadowRoot?.querySelector('img') as HTMLImageElement;
    const after = window.element.shadowRoot?.querySelector('.after') as HTMLCanvasElement;
    const { width, height } = after;
    const context = new OffscreenCanvas(width, height).getContext('2d') as OffscreenCanvasRenderingContext2D;
    context.drawImage(before, 0, 0);
    const [noisy, shown] = [context, after.getContext('2d')].map(
      (from) => from?.getImageData(0, 0, width, height).data,
    );
    return noisy?.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (shown?.[i] ?? 0))), 0);
  });

test('a plain picture until asked, then events in order and a result', async () => {
  const page = await open(`<denoise-image key="pk_local" engine="wasm" src="${PICTURE}" alt="A lake"></denoise-image>`);
  await serveToy(page, edge);
  const requests: string[] = [];
  page.on('request', (request) => requests.push(new URL(request.url()).pathname));
  await page.getByRole('img', { name: 'A lake' }).waitFor();
  expect(await state(page)).toBe('idle');
  expect(page.workers()).toEqual([]);
  expect(requests.filter((path) => path !== PICTURE)).toEqual([]);

  const before = await page.locator('denoise-image').boundingBox();
  await page.getByRole('button', { name: 'Remove noise' }).click();
  await inState(page, 'done');
  const events = await page.evaluate(() => window.heard);
  const order = events.map(({ name }) => name).filter((name, i, all) => name !== all[i - 1]);
  expect(order[0]).toBe('progress');
  expect(order.indexOf('plan')).toBeLessThan(order.indexOf('tile'));
  expect(order.at(-1)).toBe('done');
  expect(events.find(({ name }) => name === 'plan')?.detail).toMatchObject({ width: 240, height: 160, tiles: 1 });
  expect(events.find(({ name }) => name === 'tile')?.detail).toMatchObject({ done: 1, total: 1 });
  expect(await heard(page, 'error')).toEqual([]);
  expect(await page.locator('denoise-image').boundingBox()).toEqual(before);
  expect(await page.getByRole('status').textContent()).toBe('The noise is removed.');
  await page.close();
});

test('tiles are painted as they arrive', async () => {
  const page = await openWidget(browser, edge, plainPng(900, 700), SIMPLE);
  const painted = await page.evaluate(async () => {
    const { element } = window;
    const run = element.denoise();
    const first = await new Promise<DenoiseImageEvents['tile']>((resolve) =>
      element.addEventListener('tile', (event) => resolve(event as DenoiseImageEvents['tile']), { once: true }),
    );
    const { tile, total } = first.detail;
    const canvas = element.shadowRoot?.querySelector('.after') as HTMLCanvasElement;
    const alpha = canvas
      .getContext('2d')
      ?.getImageData(0, 0, 900, 700)
      .data.filter((value, i) => i % 4 === 3 && value === 255);
    const count = alpha?.length;
    await run;
    return { total, isThatTile: count === tile.width * tile.height };
  });
  expect(painted).toEqual({ total: 3, isThatTile: true });
  await page.close();
});

test('an <img> that the page has put into it is the picture, and stays', async () => {
  const page = await open(element('', `<picture><img src="${PICTURE}" alt="Of the page" width="120"></picture>`));
  const image = page.getByRole('img', { name: 'Of the page' });
  await expect.poll(() => image.boundingBox()).toMatchObject({ width: 120, height: 80 });
  await page.evaluate(() => window.element.denoise());
  expect(await page.evaluate(() => window.element.result?.width)).toBe(240);
  expect(await image.isVisible()).toBe(true);
  // another picture starts over: this element asks first
  await servePicture(page, picture, '/test-pictures/other.png');
  await image.evaluate((image: HTMLImageElement) => {
    image.src = '/test-pictures/other.png';
  });
  await inState(page, 'idle');
  await page.close();
});

test('attributes are properties, and what they should not say reads as the default', async () => {
  const page = await open(SIMPLE);
  const found = await page.evaluate(() => {
    const { element } = window;
    element.strength = 0.25;
    element.split = 20;
    element.view = 'after';
    element.bare = true;
    element.siteKey = 'pk_other';
    const set = ['strength', 'split', 'view', 'bare', 'site-key'].map((name) => element.getAttribute(name));
    for (const [name, value] of Object.entries({ strength: '7', luma: 'x', split: '-4', view: 'sideways', zoom: '' })) {
      element.setAttribute(name, value);
    }
    element.removeAttribute('model');
    const { strength, luma, split, view, zoom, model, start, key } = element;
    return { set, read: { strength, luma, split, view, zoom, model, start, key } };
  });
  expect(found.set).toEqual(['0.25', '20', 'after', '', 'pk_other']);
  expect(found.read).toEqual({
    ...{ strength: 1, luma: 1, split: 0, view: 'split', zoom: 'fit', model: 'fast', start: 'ask', key: 'pk_local' },
  });
  await page.close();
});

test('what a page sets before the script has come counts', async () => {
  const page = await open(SIMPLE);
  const found = await page.evaluate(async () => {
    const early = document.createElement('early-image') as typeof window.element;
    const file = new Blob(['x'], { type: 'image/png' });
    Object.assign(early, { file, strength: 0.5, labels: { start: 'Los' } });
    document.body.append(early);
    const Late = class extends (customElements.get('denoise-image') as typeof HTMLElement) {};
    customElements.define('early-image', Late);
    await Promise.resolve();
    const { strength, labels } = early;
    return { isFile: early.file === file, strength, labels, attribute: early.getAttribute('strength') };
  });
  expect(found).toEqual({ isFile: true, strength: 0.5, labels: { start: 'Los' }, attribute: '0.5' });
  await page.close();
});

test('sliders mix at once and without the network; other settings run it again', async () => {
  const page = await open(SIMPLE);
  await page.evaluate(() => window.element.denoise());
  expect(await removed(page)).toBeGreaterThan(10);
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.getByRole('button', { name: 'Adjust' }).click();
  await page.getByRole('slider', { name: 'Strength' }).focus();
  await page.keyboard.press('Home');
  expect(await page.evaluate(() => window.element.strength)).toBe(0);
  await expect.poll(() => removed(page)).toBe(0);
  expect(requests).toEqual([]);
  expect(await heard(page, 'done')).toHaveLength(1);

  await page.evaluate(() => {
    window.element.sigma = '10';
    window.element.model = 'median';
  });
  await expect.poll(() => heard(page, 'done')).toHaveLength(2);
  expect(await page.evaluate(() => window.element.result?.sigma)).toBe(10);
  await page.close();
});

test('the views: before, after, removed noise, full size', async () => {
  const page = await open(element(`src="${PICTURE}" view="residual"`));
  await page.evaluate(() => window.element.denoise());
  const residual = page.locator('denoise-image .residual');
  const shown = () =>
    page.evaluate(() =>
      ['.before', '.after', '.residual', '.slider'].filter((name) =>
        window.element.shadowRoot?.querySelector(name)?.checkVisibility({ visibilityProperty: true }),
      ),
    );
  expect(await residual.evaluate((canvas: HTMLCanvasElement) => [canvas.width, canvas.height])).toEqual([240, 160]);
  expect(await shown()).toEqual(['.after', '.residual']);
  await page.getByRole('radio', { name: 'Before' }).check({ force: true });
  expect(await page.evaluate(() => window.element.view)).toBe('before');
  await expect.poll(shown).toEqual(['.before']);
  await page.getByRole('radio', { name: 'Compare' }).check({ force: true });
  await expect.poll(shown).toEqual(['.before', '.after', '.slider']);
  await page.locator('denoise-image').evaluate((host) => Object.assign(host.style, { width: '100px' }));
  await page.getByRole('button', { name: 'Full size' }).click();
  const scroll = page.locator('denoise-image .scroll');
  await expect
    .poll(() => scroll.evaluate(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth]))
    .toEqual([240, 100]);
  await page.close();
});

test('the result is saved under the picture’s name, in its format', async () => {
  const page = await open(SIMPLE);
  expect(await page.evaluate(() => window.element.save().catch(({ code }) => code))).toBe('bad-request');
  await page.evaluate(() => window.element.denoise());
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save' }).click();
  expect((await download).suggestedFilename()).toBe('night-degrained.png');
  await page.close();
});

test('`now` starts at once, `visible` when it is scrolled into view, and what was cancelled stays so', async () => {
  const page = await open(
    `${element(`id="now" start="now" src="${PICTURE}"`)}<div style="height: 3000px"></div>${element(`id="visible" start="visible" src="${PICTURE}"`)}`,
  );
  await inState(page, 'done');
  expect(await heard(page, 'done')).toEqual(['now']);
  await page.evaluate(() => {
    window.element.cancel();
    window.element.view = 'after';
  });
  await page.locator('#visible').scrollIntoViewIfNeeded();
  await expect.poll(() => heard(page, 'done')).toEqual(['now', 'visible']);
  expect(await state(page)).toBe('idle');
  // the same settings: one worker for both
  expect(page.workers()).toHaveLength(1);
  await page.close();
});

test('a denoiser of the page’s own serves it, also one that says nothing on the way', async () => {
  const page = await open(SIMPLE);
  await importInto(page, 'degrain', '/degrain.js');
  const found = await page.evaluate(async () => {
    const { element } = window;
    const own = await window.degrain.createDenoiser({ key: 'pk_local', model: 'median' });
    element.denoiser = { ...own, denoise: (image, { sigma = 'auto' } = {}) => own.denoise(image, { sigma }) };
    const { plan } = await element.denoise();
    const canvas = element.shadowRoot?.querySelector('.after') as HTMLCanvasElement;
    return { size: [canvas.width, canvas.height], hasPlan: plan !== undefined };
  });
  expect(found).toEqual({ size: [240, 160], hasPlan: true });
  expect(await removed(page)).toBeGreaterThan(10);
  expect(page.workers()).toHaveLength(1);
  await page.close();
});

test('a bare element shows pictures and the divider alone, and `controls` takes the page’s own', async () => {
  const page = await open(
    `${element(`bare src="${PICTURE}"`)}${element(`src="${PICTURE}"`, '<button slot="start">Mine</button><p slot="controls">Own tools</p>')}`,
  );
  await page.getByRole('button', { name: 'Mine' }).waitFor();
  expect(await page.getByRole('button').allTextContents()).toEqual(['Mine']);
  await page.getByRole('button', { name: 'Mine' }).click();
  await page.getByText('Own tools').waitFor();
  expect(await page.getByRole('radio').count()).toBe(0);
  await page.evaluate(() => window.element.denoise());
  expect(await page.locator('denoise-image').first().getByRole('slider').count()).toBe(1);
  expect(await page.locator('denoise-image').first().getByRole('button').count()).toBe(0);
  expect(await page.locator('denoise-image').first().getByRole('status').textContent()).toBe('');
  await page.close();
});
