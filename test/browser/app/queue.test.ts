import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { TOO_LARGE } from '../../hostile/attacks.ts';
import { type Edge, startEdge } from '../../worker/harness.ts';
import { launchChromium } from '../chromium.ts';
import { difference, eventually, inState, openApp, openPainter, openVisitor, pick, strip, type Upload } from './app.ts';

let edge: Edge;
let browser: Browser;
let visitor: BrowserContext;
let photo: (width: number, height: number, name?: string, type?: string) => Promise<Upload>;

beforeAll(async () => {
  [edge, browser] = await Promise.all([startEdge(), launchChromium({ webgpu: false })]);
  photo = await openPainter(browser);
});
beforeEach(async () => {
  visitor = await openVisitor(browser);
  return () => visitor.close();
});
afterAll(async () => {
  await browser.close();
  await edge.close();
});

const some = (names: string[]) => Promise.all(names.map((name) => photo(64, 48, name)));
const plans = (page: Page) => {
  const seen: string[] = [];
  page.on('request', (request) => request.url().includes('/v1/plans') && seen.push(request.url()));
  return seen;
};
/** No plan is answered until it is let through: the batch stands at its first photo. */
async function hold(page: Page): Promise<() => Promise<void>> {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  await page.route('**/v1/plans?*', async (route) => {
    await opened;
    await route.fallback();
  });
  return async () => open();
}

test('a batch outlives its page: what is done stays done, what ran begins again, in its order', async () => {
  const first = await openApp(visitor, edge);
  await pick(first, ...(await some(['a.png', 'b.png', 'c.png'])));
  await eventually(async () => (await strip(first)).length).toBe(3);
  await eventually(() => strip(first)).toContain('a.png Done');
  // a crash asks nobody
  await first.close({ runBeforeUnload: false });

  const page = await openApp(visitor, edge);
  await eventually(() => strip(page)).toEqual(['a.png Done', 'b.png Done', 'c.png Done']);
  // the first one is shown from its file, without a run
  await inState(page, 'done');
  await eventually(() => difference(page)).toBeGreaterThan(20);

  // its sliders are good for the network again
  await page.locator('#strength').fill('0');
  await eventually(() => difference(page)).toBe(0);
  await inState(page, 'done');
});

test('paused, resumed, moved, removed; Escape stops a photo and keeps it', async () => {
  const page = await openApp(visitor, edge);
  const release = await hold(page);
  await pick(page, ...(await some(['a.png', 'b.png', 'c.png', 'd.png'])));
  await inState(page, 'busy');
  await page.keyboard.press('Escape');
  await inState(page, 'waiting');
  expect(await page.locator('#live').textContent()).toBe('Stopped.');
  expect(await page.locator('#pause').textContent()).toBe('Resume');

  await page.getByText('d.png').click();
  await page.locator('#forward').click();
  await eventually(() => strip(page)).toEqual(['a.png Waiting', 'b.png Waiting', 'd.png Waiting', 'c.png Waiting']);
  await page.getByText('c.png').click();
  await page.keyboard.press('Alt+ArrowLeft');
  await eventually(() => strip(page)).toEqual(['a.png Waiting', 'b.png Waiting', 'c.png Waiting', 'd.png Waiting']);
  await page.locator('#remove').click();
  await eventually(() => strip(page)).toEqual(['a.png Waiting', 'b.png Waiting', 'd.png Waiting']);

  await release();
  await page.locator('#pause').click();
  await eventually(() => strip(page)).toEqual(['a.png Done', 'b.png Done', 'd.png Done']);
});

test('two tabs show the same queue, and no photo is worked on twice', async () => {
  const [one, other] = await Promise.all([openApp(visitor, edge), openApp(visitor, edge)]);
  const asked = [plans(one), plans(other)];
  await pick(one, ...(await some(['a.png', 'b.png', 'c.png', 'd.png'])));
  const done = ['a.png Done', 'b.png Done', 'c.png Done', 'd.png Done'];
  await eventually(() => strip(one)).toEqual(done);
  await eventually(() => strip(other)).toEqual(done);
  expect(asked.flat()).toHaveLength(4);
});

test('what cannot be denoised says why and what to do, and the batch goes on', async () => {
  const page = await openApp(visitor, edge);
  const [good, tiny] = await Promise.all([photo(64, 48, 'good.png'), photo(1, 1, 'tiny.png')]);
  const file = (name: string, buffer: Buffer, mimeType = 'image/png') => ({ name, mimeType, buffer });
  await pick(
    page,
    file('cut.png', good.buffer.subarray(0, 60)),
    file('empty.png', Buffer.alloc(0)),
    file('huge.png', Buffer.from(TOO_LARGE['30000x30000 in 68 bytes']?.() ?? [])),
    file('text.jpg', Buffer.from('not a picture'), 'image/jpeg'),
    tiny,
    file('mislabelled.jpg', good.buffer, 'image/jpeg'),
    file('animated.gif', ANIMATED, 'image/gif'),
    good,
  );
  await eventually(() => strip(page)).toEqual([
    'cut.png Failed',
    'empty.png Failed',
    'huge.png Failed',
    'text.jpg Failed',
    'tiny.png Done',
    'mislabelled.jpg Done',
    'animated.gif Done',
    'good.png Done',
  ]);
  expect(await page.locator('#problem').textContent()).toMatch(/save it as PNG, JPEG or WebP/);
  await page.getByText('huge.png').click();
  expect(await page.locator('#problem').textContent()).toContain('Make the picture smaller');
  await page.getByText('mislabelled.jpg').click();
  expect(await page.locator('#notes').textContent()).toBe('Its name says JPEG, but it is PNG.');
  await page.getByText('animated.gif').click();
  expect(await page.locator('#notes').textContent()).toContain('Animated');
  await page.getByText('cut.png').click();
  await page.locator('#retry').click();
  await inState(page, 'failed');
});

test('without a network and without the model a photo fails with a way out, and runs when there is one again', async () => {
  const page = await openApp(visitor, edge);
  // the page is whole: its service worker sees to that
  await pick(page, await photo(64, 48, 'before.png'));
  await inState(page, 'done');
  await visitor.setOffline(true);
  await page.route('**/v1/**', (route) => route.abort());
  await page.locator('#model').selectOption('photo');
  await inState(page, 'failed');
  expect(await page.locator('#problem').textContent()).toContain('Check the connection');
  await page.unroute('**/v1/**');
  await visitor.setOffline(false);
  await inState(page, 'done');
  await eventually(() => difference(page)).toBeGreaterThan(20);
});

test('a full disk loses nothing and says what to do', async () => {
  const page = await openApp(visitor, edge);
  await pick(page, await photo(64, 48, 'a.png'));
  await inState(page, 'done');
  const session = await visitor.newCDPSession(page);
  const origin = edge.url.origin;
  const { usage } = await session.send('Storage.getUsageAndQuota', { origin });
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: Math.ceil(usage) + 1000 });
  await pick(page, await photo(400, 300, 'b.png'));
  const banner = page.locator('#banner');
  await banner.waitFor();
  expect(await banner.textContent()).toContain('Save finished photos');
  expect(await strip(page)).toEqual(['a.png Done']);
  await session.send('Storage.overrideQuotaForOrigin', { origin });
  await page.locator('#banner-retry').click();
  await eventually(() => strip(page)).toEqual(['a.png Done', 'b.png Done']);
  expect(await banner.isVisible()).toBe(false);
});

test('a photo of which the page died twice is left alone', async () => {
  for (let death = 0; death < 2; death++) {
    const page = await openApp(visitor, edge);
    await hold(page);
    if (death === 0) await pick(page, ...(await some(['bad.png', 'good.png'])));
    await eventually(() => strip(page)).toEqual(['bad.png Working', 'good.png Waiting']);
    await page.close();
  }
  const page = await openApp(visitor, edge);
  await eventually(() => strip(page)).toEqual(['bad.png Failed', 'good.png Done']);
  expect(await page.locator('#problem').textContent()).toContain('too large for this device’s memory');
});

test('where files are written in workers only, as in older Safari', async () => {
  await visitor.addInitScript(() => {
    delete (FileSystemFileHandle.prototype as { createWritable?: unknown }).createWritable;
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (message: unknown, ...rest: []) {
      // nor do handles go there: a part of any message is an argument
      for (const part of Object.values((message as { argument?: object }).argument ?? {})) {
        if (part instanceof FileSystemHandle) throw new DOMException('', 'DataCloneError');
      }
      postMessage.call(this, message, ...rest);
    };
  });
  const page = await openApp(visitor, edge);
  await pick(page, await photo(64, 48));
  await inState(page, 'done');
  await page.reload();
  await inState(page, 'done');
  await eventually(() => difference(page)).toBeGreaterThan(20);
});

test('entries are written anew where the browser cannot do that with a Blob in them, as WebKit', async () => {
  await visitor.addInitScript(() => {
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (value: object) {
      if (Object.values(value).some((part) => part instanceof Blob)) throw new DOMException('', 'UnknownError');
      return put.call(this, value);
    };
  });
  const page = await openApp(visitor, edge);
  await pick(page, await photo(64, 48, 'a.png'));
  await eventually(() => strip(page)).toEqual(['a.png Done']);
  const width = () => page.locator('#strip img').evaluate((image: HTMLImageElement) => image.naturalWidth);
  await eventually(width).toBeGreaterThan(0);
  await page.reload();
  await eventually(width).toBeGreaterThan(0);
});

test('a private window, which may keep no photo, says so', async () => {
  await visitor.addInitScript(() => {
    StorageManager.prototype.getDirectory = () => Promise.reject(new DOMException('', 'SecurityError'));
  });
  const page = await openApp(visitor, edge);
  await pick(page, await photo(64, 48));
  const banner = page.locator('#banner');
  await banner.waitFor();
  await eventually(() => banner.textContent()).toContain('outside of private windows');
});

/** Two frames of 1x1: black, then white. */
const ANIMATED = Buffer.from(
  '47494638396101000100800000000000ffffff21f904000a0000002c00000000010001000002024401' +
    '0021f904000a0000002c000000000100010000020244010' +
    '03b',
  'hex',
);
