import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeExif } from '../../models/files/profiles.ts';
import { type Edge, startEdge } from '../../worker/harness.ts';
import { launchChromium } from '../chromium.ts';
import { eventually, inState, openApp, openPainter, openVisitor, pick, strip, type Upload } from './app.ts';

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

/** Photos without a run: what comes in is what matters here. */
const openPaused = async () => {
  const page = await openApp(visitor, edge);
  await page.route('**/v1/plans?*', () => undefined);
  return page;
};

const names = async (page: Page) => (await strip(page)).map((frame) => frame.split(' ')[0]);

test('by drop, by paste, and opened with the installed app', async () => {
  // what the system hands to an installed app: real handles, from the only file system that a test may write
  await visitor.addInitScript(() => {
    Object.defineProperty(window, 'launchQueue', {
      value: { setConsumer: (use: (launch: object) => void) => Object.assign(window, { launch: use }) },
    });
  });
  const page = await openPaused();
  const { buffer } = await photo(64, 48);
  await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const file = (name: string) => new File([bytes], name, { type: 'image/png' });
    const options = { bubbles: true, cancelable: true };
    const data = (...names: string[]) => {
      const transfer = new DataTransfer();
      for (const name of names) transfer.items.add(file(name));
      return transfer;
    };
    document.body.dispatchEvent(new DragEvent('drop', { ...options, dataTransfer: data('a.png', 'b.png') }));
    document.body.dispatchEvent(new ClipboardEvent('paste', { ...options, clipboardData: data('c.png') }));
    const folder = await navigator.storage.getDirectory();
    const handle = await folder.getFileHandle('d.png', { create: true });
    await file('d.png')
      .stream()
      .pipeTo(await handle.createWritable());
    (window as unknown as { launch: (launch: object) => void }).launch({ files: [handle] });
  }, buffer.toString('base64'));
  await eventually(async () => (await names(page)).sort()).toEqual(['a.png', 'b.png', 'c.png', 'd.png']);
});

test('a folder by drop: its photos in the order of their names, and nothing else of it', async () => {
  const page = await openPaused();
  const { buffer } = await photo(64, 48);
  const session = await visitor.newCDPSession(page);
  const folder = join(await mkdtemp(join(tmpdir(), 'degrain-photos-')), 'holiday');
  await mkdir(join(folder, 'day 2'), { recursive: true });
  await Promise.all([
    ...['img10.png', 'img9.png', 'day 2/sea.png'].map((name) => writeFile(join(folder, name), buffer)),
    writeFile(join(folder, 'notes.txt'), 'not a photo'),
  ]);
  const data = { items: [], files: [folder], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
  }
  await eventually(() => names(page)).toEqual(['sea.png', 'img9.png', 'img10.png']);
});

test('a camera is offered where fingers are, and asks for no permission', async () => {
  const phone = await openVisitor(browser, { hasTouch: true, isMobile: true, viewport: { width: 390, height: 800 } });
  const [here, there] = await Promise.all([openPaused(), openApp(phone, edge)]);
  expect(await here.locator('.camera').isVisible()).toBe(false);
  expect(await there.locator('.camera').isVisible()).toBe(true);
  expect(await there.locator('#camera').getAttribute('capture')).toBe('environment');
  await phone.close();
});

test('a JPEG with EXIF comes back as one', async () => {
  const page = await openApp(visitor, edge);
  const { buffer, ...file } = await photo(64, 48, 'holiday.jpg', 'image/jpeg');
  const exif = Buffer.from(makeExif(6));
  const head = Buffer.concat([Buffer.from('Exif\0\0'), exif]);
  const segment = Buffer.concat([Buffer.from([0xff, 0xe1, 0, head.length + 2]), head]);
  await pick(page, { ...file, buffer: Buffer.concat([buffer.subarray(0, 2), segment, buffer.subarray(2)]) });
  await inState(page, 'done');
  const download = page.waitForEvent('download');
  await page.locator('#download').click();
  const saved = await readFile((await (await download).path()) as string);
  const at = saved.indexOf('Exif\0\0');
  expect(at).toBeGreaterThan(0);
  // all of it, but that it is upright now
  expect(saved.subarray(at + 6, at + 6 + exif.length)).toEqual(Buffer.from(makeExif(1)));
  expect(
    await page.evaluate(() => document.querySelector<HTMLElement & { result: ImageData }>('#photo')?.result.width),
  ).toBe(48);
});

test('all saved: into a folder where the browser can, else as one archive', async () => {
  const page = await openApp(visitor, edge);
  await pick(
    page,
    await photo(64, 48, 'a.png'),
    await photo(64, 48, 'a.png'),
    await photo(64, 48, 'b.webp', 'image/webp'),
  );
  await eventually(() => strip(page)).toEqual(['a.png Done', 'a.png Done', 'b.webp Done']);
  // a real folder, but no question to a visitor who is not there
  await page.evaluate(() => {
    Object.assign(window, { showDirectoryPicker: () => navigator.storage.getDirectory() });
  });
  await page.locator('#save-all').click();
  await eventually(() => strip(page)).toEqual(['a.png Saved', 'a.png Saved', 'b.webp Saved']);
  const written = await page.evaluate(async () => {
    const files: Record<string, string> = {};
    for await (const [name, handle] of (await navigator.storage.getDirectory()).entries()) {
      if (handle.kind !== 'file') continue;
      const { width, height } = await createImageBitmap(await (handle as FileSystemFileHandle).getFile());
      files[name] = `${width}x${height}`;
    }
    return files;
  });
  expect(written).toEqual({
    'a-degrained.png': '64x48',
    'a-degrained (2).png': '64x48',
    'b-degrained.webp': '64x48',
  });

  await page.evaluate(() => {
    Object.assign(window, { showDirectoryPicker: undefined });
  });
  const download = page.waitForEvent('download');
  await page.locator('#save-all').click();
  const archive = await readFile((await (await download).path()) as string);
  expect(archive.subarray(0, 2).toString()).toBe('PK');
  for (const name of Object.keys(written)) expect(archive.includes(name)).toBe(true);
});

test('the history has what was done, on this device, until it is cleared', async () => {
  const page = await openApp(visitor, edge);
  await pick(page, await photo(64, 48, 'night.png'));
  await inState(page, 'done');
  await page.locator('#remove').click();
  await inState(page, 'empty');
  await page.reload();
  await page.locator('#history summary').click();
  const entry = page.locator('#entries li');
  await entry.waitFor();
  expect(await entry.textContent()).toMatch(/night\.png.*64 × 48 · median/);
  await page.locator('#history-clear').click();
  await eventually(() => entry.count()).toBe(0);
});
