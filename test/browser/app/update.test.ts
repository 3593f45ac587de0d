import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../../../selfhost/server.ts';
import { readSettings } from '../../../selfhost/settings.ts';
import { root } from '../../paths.ts';
import { launchChromium } from '../chromium.ts';
import { eventually, inState, openPainter, openVisitor, pick, strip } from './app.ts';

// On the Node server, whose files can be exchanged as a deployment does it.

let browser: Browser;
let folder: string;
let server: RunningServer;
const start = async (port = '0') => {
  server = await startServer(
    readSettings({ PORT: port, DATA: join(folder, 'data'), LOCAL_KEYS: '1' }),
    `${folder}/dist`,
  );
};

beforeAll(async () => {
  [browser, folder] = await Promise.all([
    launchChromium({ webgpu: false }),
    mkdtemp(join(tmpdir(), 'degrain-update-')),
  ]);
  await cp(`${root}dist`, `${folder}/dist`, { recursive: true, filter: (path) => !/\.map$|\/models\/./.test(path) });
  await start();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  await rm(folder, { recursive: true });
});

/** Another release: one file of the page has another name, and so another content has the worker. */
async function release(): Promise<void> {
  const assets = `${folder}/dist/assets/`;
  const old = (await readdir(assets)).find((name) => name.startsWith('client-zip-')) as string;
  const name = old.replace('client-zip-', 'client-zip-next-');
  await rename(assets + old, assets + name);
  const worker = `${folder}/dist/sw.js`;
  await writeFile(worker, (await readFile(worker, 'utf8')).replaceAll(old, name));
  await server.stop();
  await start(new URL(server.address).port);
}

const kept = (page: Page) =>
  page.evaluate(async () => {
    const found: string[] = [];
    for (const name of await caches.keys()) {
      if (!name.startsWith('degrain-app')) continue;
      for (const { url } of await (await caches.open(name)).keys()) found.push(new URL(url).pathname);
    }
    return found.sort();
  });

test('a new version is offered, comes when no photo is worked on, and the old one’s files stay for pages that are open', async () => {
  const visitor = await openVisitor(browser, { serviceWorkers: 'allow' });
  const [page, photo] = await Promise.all([visitor.newPage(), openPainter(browser)]);
  // a filter, which needs no download
  await page.goto(new URL('/app/?model=median', server.address).href);
  await page.waitForFunction(() => navigator.serviceWorker.controller, undefined, { polling: 50 });
  const before = await kept(page);
  expect(await page.locator('#update').isVisible()).toBe(false);

  await release();
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations())[0]?.update());
  await page.locator('#update').waitFor();

  let goOn: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  await visitor.route('**/v1/plans?*', (route) => held.then(() => route.continue()));
  await pick(page, await photo(64, 48, 'a.png'));
  await inState(page, 'busy');
  await page.locator('#update-now').click();
  expect(await page.locator('#update-text').textContent()).toContain('when this photo is done');
  const loaded = page.waitForEvent('load');
  goOn();
  await loaded;
  await eventually(() => strip(page)).toEqual(['a.png Done']);
  expect(await page.locator('#update').isVisible()).toBe(false);
  const after = await kept(page);
  expect(after.some((name) => name.includes('client-zip-next-'))).toBe(true);
  expect(after).toEqual(expect.arrayContaining(before));
  await visitor.close();
});
