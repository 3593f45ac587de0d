// What a large photo takes in the app: JavaScript heaps with their buffers, of the page and of all its workers together,
// as Chromium counts them every 50 ms. With --write into docs/performance.md.
//   npx node bench/app-memory.ts [megapixels] [--write]
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../test/browser/chromium.ts';
import setup from '../test/global-setup.ts';
import { table, writeBetween } from './table.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false } },
});
const MB = 1e6;
const megapixels = Number(positionals[0] ?? 24);
const width = Math.round(Math.sqrt((megapixels * MB * 3) / 2));
const height = Math.round((megapixels * MB) / width);

interface HeapUsage {
  readonly usedSize: number;
  readonly backingStorageSize?: number;
}

/** The most since the last call, MB: of the sum, and of the page alone. */
async function watchHeaps(page: Page): Promise<() => { all: number; page: number }> {
  const session = await page.context().newCDPSession(page);
  const last = new Map<string, number>();
  let most = { all: 0, page: 0 };
  const note = (isolate: string, { usedSize, backingStorageSize = 0 }: HeapUsage) => {
    last.set(isolate, (usedSize + backingStorageSize) / MB);
    const all = [...last.values()].reduce((sum, each) => sum + each, 0);
    most = { all: Math.max(most.all, all), page: Math.max(most.page, last.get('page') ?? 0) };
  };
  let id = 0;
  session.on('Target.receivedMessageFromTarget', ({ sessionId, message }) => {
    const { result } = JSON.parse(message) as { result?: HeapUsage };
    if (result?.usedSize) note(sessionId, result);
  });
  session.on('Target.attachedToTarget', ({ sessionId }) => {
    const message = () => JSON.stringify({ id: ++id, method: 'Runtime.getHeapUsage' });
    const timer = setInterval(() => {
      session.send('Target.sendMessageToTarget', { sessionId, message: message() }).catch(() => {
        clearInterval(timer);
        last.delete(sessionId);
      });
    }, 50);
  });
  session.on('Target.detachedFromTarget', ({ sessionId }) => last.delete(sessionId));
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  const ofPage = setInterval(() => {
    session.send('Runtime.getHeapUsage').then(
      (usage) => note('page', usage),
      () => clearInterval(ofPage),
    );
  }, 50);
  return () => {
    const seen = most;
    most = { all: 0, page: 0 };
    return seen;
  };
}

/** A gradient with a patch of noise, as a camera's JPEG: painted in a page that is closed again. */
async function paint(browser: Browser, path: string): Promise<void> {
  const page = await browser.newPage();
  const bytes = await page.evaluate(
    async ([width, height]) => {
      const canvas = new OffscreenCanvas(width as number, height as number);
      const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
      const noise = new ImageData(512, 512);
      for (let i = 0; i < noise.data.length; i++) noise.data[i] = i % 4 === 3 ? 255 : 128 + (Math.random() - 0.5) * 80;
      const tile = new OffscreenCanvas(512, 512);
      tile.getContext('2d')?.putImageData(noise, 0, 0);
      context.fillStyle = context.createPattern(tile, 'repeat') as CanvasPattern;
      context.fillRect(0, 0, width as number, height as number);
      const file = new Uint8Array(
        await (await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 })).arrayBuffer(),
      );
      let letters = '';
      for (let i = 0; i < file.length; i += 32768) letters += String.fromCharCode(...file.subarray(i, i + 32768));
      return btoa(letters);
    },
    [width, height],
  );
  await writeFile(path, Buffer.from(bytes, 'base64'));
  await page.close();
}

await setup({ vitest: { projects: [{ name: 'browser' }] } } as never);
const { startEdge } = await import('../test/worker/harness.ts');
const [edge, browser] = await Promise.all([startEdge(), launchChromium({ webgpu: false })]);
const folder = await mkdtemp(join(tmpdir(), 'app-memory-'));
try {
  const file = join(folder, 'photo.jpg');
  await paint(browser, file);
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 }, serviceWorkers: 'block' });
  await page.goto(new URL('/app/?model=mean', edge.url).href);
  const most = await watchHeaps(page);
  const rows: (string | number)[][] = [];
  const step = async (name: string, run: () => Promise<unknown>) => {
    await run();
    await page.waitForTimeout(1500);
    const { all, page: alone } = most();
    rows.push([name, all.toFixed(0), alone.toFixed(0)]);
    console.error(rows.at(-1)?.join('  '));
  };
  await step('denoise', async () => {
    await page.setInputFiles('#file', file);
    // a large photo is asked about first
    const yes = page.locator('#question-yes').click({ timeout: 5 * 60_000 });
    yes.catch(() => 'not asked');
    await page.locator('body[data-state=done]').waitFor({ timeout: 5 * 60_000 });
  });
  await step('mix: strength to 90 %', async () => {
    await page.locator('#strength').focus();
    for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowLeft');
  });
  await step('look at what was removed', () => page.locator('#views input[value=residual]').check({ force: true }));
  await step('save as JPEG', async () => {
    const download = page.waitForEvent('download');
    await page.locator('#download').click();
    await (await download).path();
  });
  const text = `${table(['step', 'page and workers, MB', 'page alone, MB'], rows)}

The most at any time of each step, for ${width} x ${height} pixels, with the filter \`mean\`.`;
  console.log(text);
  if (values.write) await writeBetween('performance.md', 'memory', text);
} finally {
  await rm(folder, { recursive: true });
  await browser.close();
  await edge.close();
}
process.exit(0);
