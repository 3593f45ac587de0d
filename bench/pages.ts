/**
 * What our pages cost a visitor: `npm run bench:pages`, with `--write` into docs/performance.md.
 *
 * Loads every page as on a phone of the middle class: 1.6 Mbit/s, 150 ms there and back, a processor four times slower than
 * this one (the conditions of Lighthouse's mobile runs). Then denoises 4 megapixels in the app, at full speed, and takes
 * the longest task of the main thread.
 */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../test/browser/chromium.ts';
import setup from '../test/global-setup.ts';
import { otherWork, table, writeBetween } from './table.ts';

Object.assign(process.env, {
  WRANGLER_SEND_METRICS: 'false',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  WRANGLER_LOG: 'warn',
});

const ADDRESSES = ['/', '/app/', '/lab/', '/usage/'];
const ROUNDS = 5;
const SLOWDOWN = 4;
/** Bytes per second, and ms there and back. */
const NETWORK = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 0.75e6 / 8 };
/** ms without a task of more than 50 ms, after which a page counts as one that answers. */
const QUIET = 2000;

interface Visit {
  /** Bytes, compressed as they travel, until the page's `load` event, and the number of files. */
  readonly bytes: number;
  readonly files: number;
  /** ms since the navigation began. */
  readonly firstPaint: number;
  readonly largestPaint: number;
  readonly interactive: number;
  /** Sum of the layout's shifts. */
  readonly shift: number;
}

interface Seen {
  tasks: { start: number; end: number }[];
  largestPaint: number;
  shift: number;
}

/** Runs in the page before anything of it does. */
function watch(): void {
  const seen: Seen = { tasks: [], largestPaint: 0, shift: 0 };
  const observe = (
    type: string,
    use: (entry: PerformanceEntry & { value?: number; hadRecentInput?: boolean }) => void,
  ) => new PerformanceObserver((list) => list.getEntries().forEach(use)).observe({ type, buffered: true });
  observe('longtask', ({ startTime, duration }) => seen.tasks.push({ start: startTime, end: startTime + duration }));
  observe('largest-contentful-paint', ({ startTime }) => {
    seen.largestPaint = startTime;
  });
  observe('layout-shift', ({ value = 0, hadRecentInput }) => {
    if (!hadRecentInput) seen.shift += value;
  });
  Object.assign(window, { seen });
}

async function visit(browser: Browser, address: URL): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, serviceWorkers: 'block' });
  const page = await context.newPage();
  const control = await context.newCDPSession(page);
  await control.send('Network.enable');
  await control.send('Network.emulateNetworkConditions', NETWORK);
  await control.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
  await page.addInitScript(watch);
  const bodies: Promise<number>[] = [];
  let loaded = false;
  page.on('response', (response) => {
    if (!loaded) bodies.push(response.body().then(travelling(response.headers()['content-type']), () => 0));
  });
  await page.goto(address.href, { waitUntil: 'load' });
  loaded = true;
  await page.waitForTimeout(QUIET);
  const { seen, firstPaint, ready } = await page.evaluate(() => ({
    seen: (window as unknown as { seen: Seen }).seen,
    firstPaint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
    ready: (performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming).domContentLoadedEventEnd,
  }));
  const sizes = await Promise.all(bodies);
  await context.close();
  return {
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    files: sizes.length,
    firstPaint,
    largestPaint: seen.largestPaint,
    interactive: Math.max(firstPaint, ready, ...busyFrom(seen.tasks, firstPaint)),
    shift: seen.shift,
  };
}

/** Ends of the long tasks that follow each other by less than the quiet time, from the first paint on. */
function busyFrom(tasks: Seen['tasks'], firstPaint: number): number[] {
  let until = firstPaint;
  for (const { start, end } of tasks) if (end > firstPaint && start - until < QUIET) until = end;
  return [until];
}

/** Text is compressed on its way; pictures and weights are dense as they are. */
const travelling =
  (type = '') =>
  (body: Buffer) =>
    /text|javascript|json|svg|wasm/.test(type) ? gzipSync(body).length : body.length;

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] as number;

/** ms: the longest task of the main thread, from the choice of the photo to its result and some mixing. */
async function longestTask(browser: Browser, app: URL): Promise<number> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.addInitScript(watch);
  await page.goto(app.href);
  const file = join(await mkdtemp(join(tmpdir(), 'pages-')), 'noise.png');
  await writeFile(file, await noisyPng(page));
  await page.evaluate(() => Object.assign(window, { chosen: performance.now() }));
  // by its path: a file that is handed over as bytes is decoded in the page
  await page.setInputFiles('input[type=file]', file);
  await page.locator('body[data-state=done]').waitFor({ timeout: 10 * 60_000 });
  await page.waitForTimeout(1000);
  const longest = await page.evaluate(() => {
    const { seen, chosen } = window as unknown as { seen: Seen; chosen: number };
    return Math.max(0, ...seen.tasks.filter(({ start }) => start >= chosen).map(({ start, end }) => end - start));
  });
  await page.close();
  await rm(dirname(file), { recursive: true });
  return longest;
}

/** 2448 x 1640: 4 megapixels of smooth light with noise in it, painted by the browser. */
async function noisyPng(page: Page): Promise<Buffer> {
  const base64 = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(2448, 1640);
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    const light = context.createLinearGradient(0, 0, 2448, 1640);
    light.addColorStop(0, '#203040');
    light.addColorStop(1, '#e0c8a0');
    context.fillStyle = light;
    context.fillRect(0, 0, 2448, 1640);
    const image = context.getImageData(0, 0, 2448, 1640);
    for (let i = 0; i < image.data.length; i++) {
      if (i % 4 < 3) (image.data[i] as number) += (Math.random() + Math.random() + Math.random() - 1.5) * 40;
    }
    context.putImageData(image, 0, 0);
    const bytes = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
    let text = '';
    for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
    return btoa(text);
  });
  return Buffer.from(base64, 'base64');
}

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
const other = otherWork();
await setup({ vitest: { projects: [{ name: 'browser' }] } } as never);
const { startEdge } = await import('../test/worker/harness.ts');
const edge = await startEdge();
const browser = await launchChromium({ webgpu: false });
try {
  const rows: (string | number)[][] = [];
  for (const path of ADDRESSES) {
    const visits: Visit[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      visits.push(await visit(browser, new URL(path, edge.url)));
      process.stderr.write(`\r${path} ${round + 1} of ${ROUNDS}  `);
    }
    const of = (pick: (visit: Visit) => number) => median(visits.map(pick));
    const seconds = (pick: (visit: Visit) => number) => (of(pick) / 1000).toFixed(2);
    rows.push([
      `\`${path}\``,
      (of(({ bytes }) => bytes) / 1024).toFixed(1),
      of(({ files }) => files),
      seconds(({ firstPaint }) => firstPaint),
      seconds(({ largestPaint }) => largestPaint),
      seconds(({ interactive }) => interactive),
      of(({ shift }) => shift).toFixed(3),
    ]);
  }
  process.stderr.write('\n');
  const longest = await longestTask(browser, new URL('/app/', edge.url));
  const head = ['page', 'KiB', 'files', 'first paint, s', 'largest paint, s', 'interactive, s', 'layout shift'];
  const text = `${table(head, rows)}

Medians of ${ROUNDS} first visits at 1.6 Mbit/s, 150 ms, a processor slowed down ${SLOWDOWN} times. ${other}.

Longest task of the main thread while the app denoises 4 megapixels on wasm, at full speed: ${
    longest === 0 ? 'none of 50 ms or more' : `${Math.round(longest)} ms`
  }.`;
  console.log(text);
  if (values.write) await writeBetween('performance.md', 'pages', text);
} finally {
  await browser.close();
  await edge.close();
}
