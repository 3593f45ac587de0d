import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { plainPng } from '../hostile/png.ts';
import { type Edge, startEdge } from '../worker/harness.ts';
import { launchChromium } from './chromium.ts';
import { inState, openWidget, PICTURE } from './widget-page.ts';

let edge: Edge;
let browser: Browser;
const picture = plainPng(480, 320);
let axe: string;
beforeAll(async () => {
  [edge, browser] = await Promise.all([startEdge(), launchChromium({ webgpu: false })]);
  axe = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
});
afterAll(async () => {
  await browser.close();
  await edge.close();
});

const open = (options: BrowserContextOptions = {}, attributes = '') =>
  openWidget(
    browser,
    edge,
    picture,
    `<main><h1>A page</h1><denoise-image ${attributes} key="pk_local" model="mean" sigma="25" src="${PICTURE}" alt="A lake"></denoise-image></main>`,
    options,
  );

/** What axe-core finds, by rule. */
async function faults(page: Page): Promise<string[]> {
  const { violations, passes } = (await page.evaluate(
    (options) => (window as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe.run(options),
    { resultTypes: ['violations'] } satisfies RunOptions,
  )) as AxeResults;
  expect(passes.length).toBeGreaterThan(5);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

test.each(['light', 'dark'] as const)('axe-core finds nothing in any state, %s', async (colorScheme) => {
  const page = await open({ colorScheme });
  await page.addStyleTag({ content: ':root { color-scheme: light dark }' });
  await page.evaluate(axe);
  expect(await faults(page)).toEqual([]);
  await page.evaluate(() => {
    // a denoiser that never comes to an end
    Object.assign(window.element, { denoiser: { denoise: () => new Promise(() => undefined) } });
    window.element.denoise().catch(() => 'another one follows');
  });
  expect(await faults(page)).toEqual([]);
  await page.evaluate(() => {
    window.element.denoiser = undefined;
    return window.element.denoise();
  });
  await page.getByRole('button', { name: 'Adjust' }).click();
  expect(await faults(page)).toEqual([]);
  await page.evaluate(() => {
    window.element.zoom = 'full';
  });
  expect(await faults(page)).toEqual([]);
  await page.evaluate(() => {
    window.element.model = 'nope';
  });
  await inState(page, 'failed');
  expect(await faults(page)).toEqual([]);
  await page.close();
});

const divider = (page: Page) => page.getByRole('slider', { name: 'How much of the picture before is shown' });
/** px from the frame's left edge. */
const lineAt = (page: Page) =>
  page.locator('denoise-image').evaluate((host) => {
    const line = host.shadowRoot?.querySelector('.divider')?.getBoundingClientRect();
    return (line?.left ?? 0) + 1 - host.getBoundingClientRect().left;
  });

test('the divider follows the keyboard, the pointer and a finger', async () => {
  const page = await open({ hasTouch: true });
  await page.evaluate(() => window.element.denoise());
  await divider(page).focus();
  const after = async (key: string) => {
    await page.keyboard.press(key);
    return page.evaluate(() => window.element.split);
  };
  const keys = ['ArrowRight', 'ArrowLeft', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End', 'ArrowRight'];
  const values: number[] = [];
  for (const key of keys) values.push(await after(key));
  expect(values).toEqual([51, 50, 51, 50, 60, 50, 0, 100, 100]);
  expect(await divider(page).getAttribute('aria-valuetext')).toBe('100%');

  const box = (await page.locator('denoise-image').boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.mouse.move(box.x + 240, box.y + 100);
  await page.mouse.down();
  await page.mouse.move(box.x + 120, box.y + 100, { steps: 3 });
  await page.mouse.up();
  expect(await page.evaluate(() => window.element.split)).toBeCloseTo(25, 0);
  await expect.poll(() => lineAt(page)).toBeCloseTo(120, -0.5);
  await page.touchscreen.tap(box.x + 360, box.y + 100);
  expect(await page.evaluate(() => window.element.split)).toBeCloseTo(75, 0);
  await page.close();
});

test('from right to left, before stands on the right and the arrows follow the eye', async () => {
  const page = await open({}, 'dir="rtl" split="25"');
  await page.evaluate(() => window.element.denoise());
  expect(await lineAt(page)).toBeCloseTo(360, 0);
  const clip = (name: string) =>
    page.locator(`denoise-image ${name}`).evaluate((layer) => getComputedStyle(layer).clipPath);
  expect(await clip('.before')).toMatch(/inset\(0(px)? 0(px)? 0(px)? 75%\)/);
  await divider(page).focus();
  await page.keyboard.press('ArrowLeft');
  expect(await page.evaluate(() => window.element.split)).toBe(26);
  await page.close();
});

test('all by keyboard, from the button to the sliders', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'Remove noise' }).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await inState(page, 'done');
  const focused = () =>
    page.evaluate(() => {
      const found = window.element.shadowRoot?.activeElement;
      return found?.getAttribute('aria-label') ?? found?.closest('label')?.querySelector('span')?.textContent;
    });
  const walk = [await focused()];
  await page.keyboard.press('ArrowRight');
  expect(await page.evaluate(() => window.element.view)).toBe('after');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  for (let i = 0; i < 2; i++) {
    walk.push(await focused());
    await page.keyboard.press('Tab');
  }
  expect(walk).toEqual(['Compare', 'Adjust', 'Full size']);
  await page.getByRole('slider', { name: 'Colour noise' }).focus();
  await page.keyboard.press('ArrowLeft');
  expect(await page.evaluate(() => window.element.chroma)).toBe(0.99);
  await page.keyboard.press('Escape');
  expect(await focused()).toBe('Adjust');
  expect(await page.getByRole('slider', { name: 'Colour noise' }).count()).toBe(0);
  await page.close();
});

test('nothing moves for those who want no motion', async () => {
  const moving = async (reducedMotion: 'reduce' | 'no-preference') => {
    const page = await open({ reducedMotion });
    const running = await page.evaluate(async () => {
      const { element } = window;
      Object.assign(element, { denoiser: { denoise: () => new Promise(() => undefined) } });
      element.denoise().catch(() => 'another one follows');
      await new Promise(requestAnimationFrame);
      const busy = element.shadowRoot?.getAnimations().length;
      element.denoiser = undefined;
      await element.denoise();
      await new Promise(requestAnimationFrame);
      return [busy, element.shadowRoot?.getAnimations().length].map((count) => (count ?? 0) > 0);
    });
    await page.close();
    return running;
  };
  expect(await moving('reduce')).toEqual([false, false]);
  expect(await moving('no-preference')).toEqual([true, true]);
});

test('every word can be another’s, by property and by attribute', async () => {
  const page = await open({}, `lang="de" labels='${JSON.stringify({ start: 'Rauschen entfernen', done: 'Fertig.' })}'`);
  await page.getByRole('button', { name: 'Rauschen entfernen' }).click();
  await inState(page, 'done');
  expect(await page.getByRole('status').textContent()).toBe('Fertig.');
  expect(await divider(page).getAttribute('aria-valuetext')).toMatch(/^50\s%$/);
  await page.evaluate(() => {
    window.element.labels = { save: 'Sichern', split: 'Vergleich', divider: 'Wieviel vorher' };
  });
  await page.getByRole('button', { name: 'Sichern' }).waitFor();
  await page.getByText('Vergleich').waitFor();
  expect(await page.getByRole('slider', { name: 'Wieviel vorher' }).count()).toBe(1);
  await page.evaluate(() => {
    Object.assign(window.element, { model: 'nope', labels: { failed: 'Nichts.', 'error-not-found': 'Frag uns.' } });
  });
  await inState(page, 'failed');
  expect(await page.getByRole('status').textContent()).toBe('Nichts. Frag uns.');
  await page.close();
});
