import { execFile } from 'node:child_process';
import { mkdir, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { launchChromium } from '../test/browser/chromium.ts';
import { builtWorker, root } from '../test/paths.ts';
import { startEdge } from '../test/worker/harness.ts';
import { build } from './build.ts';

// Pictures of the pages for the documentation: npm run screenshots

const folder = `${root}docs/images/`;
const minute = 60_000;

const SIZES = { desktop: { width: 1280, height: 860 }, phone: { width: 390, height: 844 } } as const;
const SCHEMES = ['light', 'dark'] as const;

/** A page as it stands when it has something to show. */
interface Scene {
  readonly name: string;
  readonly path: string;
  prepare(page: Page): Promise<void>;
}

const SCENES: readonly Scene[] = [
  {
    name: 'landing',
    path: '/',
    async prepare(page) {
      const done = () => (document.querySelector('#hero') as HTMLElement & { state: string }).state === 'done';
      await page.waitForFunction(done, undefined, { polling: 100, timeout: 3 * minute });
    },
  },
  {
    name: 'app',
    path: '/app/',
    async prepare(page) {
      await page.setInputFiles('#file', `${root}client/landing/hero.jpg`);
      await page.locator('body[data-state=done]').waitFor({ timeout: 3 * minute });
    },
  },
  {
    name: 'lab',
    path: '/lab/',
    async prepare(page) {
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await page.locator('body[data-bench=ready]').waitFor({ timeout: 3 * minute });
    },
  },
  {
    // after the others: it shows what they used
    name: 'usage',
    path: '/usage/',
    async prepare(page) {
      await page.locator('#key').fill('sk_local');
      await page.locator('#question button[type=submit]').click();
      await page.locator('#charts svg').first().waitFor();
    },
  },
];

async function buildAll(): Promise<void> {
  await build();
  const wrangler = `${root}node_modules/wrangler/bin/wrangler.js`;
  await promisify(execFile)(process.execPath, [wrangler, 'deploy', '--dry-run', '--outdir', builtWorker], {
    cwd: root,
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
  });
}

await mkdir(folder, { recursive: true });
await buildAll();
const edge = await startEdge();
const browser = await launchChromium({ webgpu: false });
try {
  for (const { name, path, prepare } of SCENES) {
    for (const [size, viewport] of Object.entries(SIZES)) {
      const page = await browser.newPage({ viewport, reducedMotion: 'reduce' });
      await page.goto(new URL(path, edge.url).href);
      await prepare(page);
      for (const colorScheme of SCHEMES) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        const file = `${folder}${name}-${size}-${colorScheme}.jpg`;
        await page.screenshot({ path: file, type: 'jpeg', quality: 86 });
        console.log(`${file}  ${Math.round((await stat(file)).size / 1024)} KiB`);
      }
      await page.close();
    }
  }
} finally {
  await browser.close();
  await edge.close();
}
