import type { Browser, Request } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Edge, startEdge } from '../../worker/harness.ts';
import { launchChromium } from '../chromium.ts';
import { eventually, inState, openApp, openPainter, openVisitor, pick, strip, type Upload } from './app.ts';

let edge: Edge;
let browser: Browser;
let photo: (width: number, height: number, name?: string, type?: string) => Promise<Upload>;
let visitor: Awaited<ReturnType<typeof openVisitor>>;

beforeAll(async () => {
  [edge, browser] = await Promise.all([startEdge(), launchChromium({ webgpu: false })]);
  photo = await openPainter(browser);
});
beforeEach(async () => {
  visitor = await openVisitor(browser, { serviceWorkers: 'allow' });
  return () => visitor.close();
});
afterAll(async () => {
  await browser.close();
  await edge.close();
});

const open = async (at = edge) => {
  const page = await openApp(visitor, at, '/app/');
  await page.waitForFunction(() => navigator.serviceWorker.controller, undefined, { polling: 50 });
  return page;
};

test('it can be installed: manifest, icons, and a service worker that has the page', async () => {
  const page = await open();
  const session = await visitor.newCDPSession(page);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual([]);
  const { errors, manifest } = await session.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  expect(manifest).toMatchObject({ display: 'kStandalone', startUrl: new URL('/app/', edge.url).href });
  const icons = await page.evaluate(async () => {
    const address = document.querySelector<HTMLLinkElement>('link[rel=manifest]')?.href ?? '';
    const { icons } = (await (await fetch(address)).json()) as { icons: { src: string; sizes: string }[] };
    return Promise.all(
      icons.map(async ({ src, sizes }) => {
        const { width, height } = await createImageBitmap(await (await fetch(new URL(src, address))).blob());
        return [sizes, `${width}x${height}`];
      }),
    );
  });
  expect(icons.length).toBeGreaterThanOrEqual(3);
  for (const [said, is] of icons) expect(is).toBe(said);
});

test('after one visit, with the model kept, all of it works with network and edge away', async () => {
  const edge = await startEdge();
  const page = await open(edge);
  // nothing has run yet: what works later does so because it was kept
  await visitor.route('**/v1/plans?*', () => undefined);
  await pick(page, await photo(64, 48, 'first.png'));
  await inState(page, 'busy');
  await page.keyboard.press('Escape');
  await eventually(() => page.locator('#keep').textContent()).toMatch(/^Keep offline \(1\.2 MB\)$/);
  await page.locator('#keep').click();
  await eventually(() => page.locator('#kept').textContent()).toBe('Works without a network.');
  expect(await page.locator('#keep').textContent()).toBe('Remove from this device');
  await visitor.unrouteAll();

  await visitor.setOffline(true);
  await edge.close();
  await page.reload();
  await eventually(() => strip(page)).toEqual(['first.png Done']);
  await pick(page, await photo(96, 64, 'second.png'));
  await eventually(() => strip(page)).toEqual(['first.png Done', 'second.png Done']);
  expect(await page.locator('#sigma').textContent()).toMatch(/σ/);
  const download = page.waitForEvent('download');
  await page.locator('#download').click();
  expect((await download).suggestedFilename()).toBe('second-degrained.png');
  await eventually(() => page.locator('#model option').count()).toBeGreaterThan(5);
});

/** What the page says that the edge is told: docs/usage.md. */
const SAID: Record<string, string[]> = {
  '/v1/plans': ['planId', 'model', 'width', 'height', 'channels', 'precision', 'device', 'connection'],
  '/v1/usage': ['planId', 'backend', 'adapter', 'tiles', 'milliseconds', 'outcome', 'plan'],
};

test('nothing that leaves the page has pixels, names or more than is said', async () => {
  const sent: Request[] = [];
  visitor.on('request', (request) => sent.push(request));
  const page = await open();
  const file = await photo(200, 150, 'a-private-name.jpg', 'image/jpeg');
  await pick(page, file);
  await inState(page, 'done');
  await page.locator('#strength').fill('50');
  await inState(page, 'done');
  await eventually(() => sent.filter((request) => request.url().includes('/v1/usage')).length).toBe(1);
  const bodies = sent.filter((request) => request.method() !== 'GET' && request.url().startsWith('http'));
  expect(bodies.map((request) => new URL(request.url()).pathname).sort()).toEqual(['/v1/plans', '/v1/usage']);
  for (const request of bodies) {
    const body = request.postData() ?? '';
    expect(Buffer.byteLength(body)).toBeLessThan(1000);
    expect(SAID[new URL(request.url()).pathname]).toEqual(expect.arrayContaining(Object.keys(JSON.parse(body))));
  }
  for (const request of sent.filter((request) => request.url().startsWith('http'))) {
    expect(new URL(request.url()).origin).toBe(edge.url.origin);
    expect(decodeURIComponent(request.url()) + request.postData()).not.toContain('private');
  }
});

test('photos that another app shares arrive in the queue, without a network too', async () => {
  const strict = visitor;
  visitor = await openVisitor(browser, { serviceWorkers: 'allow', bypassCSP: true });
  await strict.close();
  const page = await open();
  await visitor.setOffline(true);
  // what the system does: it opens the address with a form's POST
  await page.evaluate(() => {
    document.body.insertAdjacentHTML(
      'beforeend',
      '<form id="share" action="share" method="post" enctype="multipart/form-data"><input type="file" name="photos" multiple></form>',
    );
  });
  await page.setInputFiles('#share input', [await photo(64, 48, 'a.png'), await photo(64, 48, 'b.png')]);
  await page.evaluate(() => (document.querySelector('#share') as HTMLFormElement).submit());
  await page.waitForURL('**/app/?shared=2');
  await eventually(async () => (await strip(page)).map((frame) => frame.split(' ')[0])).toEqual(['a.png', 'b.png']);
});
