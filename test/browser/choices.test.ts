import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Known } from '../../client/engine/wgsl/choices.ts';
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

const KNOWN: Known = { build: { arithmetic: 'f16', rows: 8, group: 16 }, rate: 812.5, tries: 0 };

const recall = (key: string) => page.evaluate((key) => window.probe.choices.recall(key), key);
const keep = (key: string, known: Known) =>
  page.evaluate(([key, known]) => window.probe.choices.keep(key, known), [key, known] as const);
test('a choice outlasts the page', async () => {
  expect(await recall('a')).toEqual({ tries: 0 });
  await keep('a', KNOWN);
  const context = page.context();
  const next = await openPage(context as never, edge);
  expect(await next.evaluate(() => window.probe.choices.recall('a'))).toEqual(KNOWN);
  expect(await next.evaluate(() => window.probe.choices.recall('b'))).toEqual({ tries: 0 });
});

test('32 are kept, those that were used last', async () => {
  for (let i = 0; i < 40; i++) {
    await page.evaluate((now) => {
      Date.now = () => now;
    }, 1000 + i);
    await keep(`gpu ${i}`, KNOWN);
  }
  expect(await recall('gpu 7')).toEqual({ tries: 0 });
  expect(await recall('gpu 8')).toEqual(KNOWN);
  expect(await recall('gpu 39')).toEqual(KNOWN);
});

test.each([
  ['a text', 'fast'],
  ['kernels that there are not', { build: { arithmetic: 'int4', rows: 8 }, tries: 0 }],
  ['a rate of nothing', { build: KNOWN.build, rate: 0, tries: 0 }],
  ['no tries', { build: KNOWN.build }],
])('what stands there and is %s is nothing', async (_, row) => {
  await keep('a', KNOWN);
  await page.evaluate(async (row) => {
    const opening = indexedDB.open(window.probe.CHOICES);
    await new Promise((resolve) => {
      opening.onsuccess = resolve;
    });
    const rows = opening.result.transaction('choices', 'readwrite').objectStore('choices');
    await new Promise((resolve) => {
      rows.put(row, 'a').onsuccess = resolve;
    });
    opening.result.close();
  }, row);
  expect(await recall('a')).toEqual({ tries: 0 });
  await keep('a', KNOWN);
  expect(await recall('a')).toEqual(KNOWN);
});

test('a database of a later version is left alone', async () => {
  await page.evaluate(async () => {
    const opening = indexedDB.open(window.probe.CHOICES, 9);
    await new Promise((resolve) => {
      opening.onsuccess = resolve;
    });
    opening.result.close();
  });
  await keep('a', KNOWN);
  expect(await recall('a')).toEqual({ tries: 0 });
});

test.each(['refuses', 'hangs', 'is missing'])('storage that %s holds nothing up', async (how) => {
  await page.evaluate((how) => {
    const open = () => {
      if (how === 'refuses') throw new DOMException('no storage here', 'SecurityError');
      return new EventTarget() as IDBOpenDBRequest;
    };
    Object.defineProperty(self, 'indexedDB', { value: how === 'is missing' ? undefined : { open } });
  }, how);
  await keep('a', KNOWN);
  expect(await recall('a')).toEqual({ tries: 0 });
});
