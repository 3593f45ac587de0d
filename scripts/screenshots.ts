import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium } from '../test/browser/chromium.ts';
import { builtWorker, root } from '../test/paths.ts';
import { startEdge } from '../test/worker/harness.ts';
import { build } from './build.ts';

// Pictures of the page for the documentation: node scripts/screenshots.ts [noisy.png]

const folder = `${root}docs/images/`;
const photo = process.argv[2] && resolve(process.argv[2]);
if (photo && !existsSync(photo)) throw new Error(`Expected a picture but there is no ${photo}`);

const desktop = { width: 960, height: 600 };
const mobile = { width: 360, height: 760 };

async function buildAll(): Promise<void> {
  await build();
  const wrangler = `${root}node_modules/wrangler/bin/wrangler.js`;
  await promisify(execFile)(process.execPath, [wrangler, 'deploy', '--dry-run', '--outdir', builtWorker], {
    cwd: root,
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
  });
}

async function open(browser: Browser, address: URL, options: BrowserContextOptions): Promise<Page> {
  const page = await browser.newPage({ reducedMotion: 'reduce', ...options });
  await page.goto(address.href);
  return page;
}

/** Gives the page the picture: the one that was named, or its own example. */
async function choose(page: Page): Promise<void> {
  if (photo) await page.setInputFiles('#file', photo);
  else await page.locator('#example').click();
}

const minute = 60_000;
const finished = (page: Page) => page.locator('body[data-state=done]').waitFor({ timeout: 3 * minute });

/** When a third of the tiles have arrived. */
const arriving = (page: Page) =>
  page.waitForFunction(
    () => {
      const { stage } = (document.querySelector('#stage') as HTMLElement).dataset;
      return stage === 'tiles' && (document.querySelector('#progress') as HTMLProgressElement).value > 0.3;
    },
    undefined,
    { polling: 20, timeout: 3 * minute },
  );

async function save(page: Page, name: string): Promise<void> {
  const path = `${folder}${name}.png`;
  await page.screenshot({ path });
  console.log(`${path}  ${Math.round((await stat(path)).size / 1024)} KiB`);
}

await mkdir(folder, { recursive: true });
await buildAll();
const edge = await startEdge();
const browser = await launchChromium({ webgpu: false });
try {
  const light = await open(browser, new URL('/app/', edge.url), { viewport: desktop });
  await save(light, 'page');
  await choose(light);
  await arriving(light);
  await save(light, 'arriving');
  await finished(light);
  await save(light, 'finished');
  await light.close();

  const dark = await open(browser, new URL('/app/', edge.url), { viewport: mobile, colorScheme: 'dark' });
  await choose(dark);
  await finished(dark);
  await save(dark, 'mobile');
} finally {
  await browser.close();
  await edge.close();
}
