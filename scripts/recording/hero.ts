import { writeFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { launchChromium } from '../../test/browser/chromium.ts';
import setup from '../../test/global-setup.ts';
import { root } from '../../test/paths.ts';
import { animate, type Patch } from './animation.ts';
import { Painter } from './painter.ts';

// The README's moving picture, the landing page at work: npm run recording

const file = `${root}docs/images/hero.webp`;
const size = { width: 1100, height: 600 };
/** ms between pictures of what moves. */
const STEP = 100;

/** A screenshot, and how long it stands, ms. */
interface Shot {
  readonly png: Buffer;
  readonly duration: number;
}

const shoot = async (page: Page, duration: number): Promise<Shot> => ({ png: await page.screenshot(), duration });

/** Screenshots until `end`, each for as long as it stood. */
async function shootUntil(page: Page, end: Promise<unknown>): Promise<Shot[]> {
  let going = true;
  const ended = end.finally(() => {
    going = false;
  });
  const shots: Shot[] = [];
  while (going) {
    const started = performance.now();
    const { png } = await shoot(page, STEP);
    await page.waitForTimeout(Math.max(0, STEP - (performance.now() - started)));
    shots.push({ png, duration: performance.now() - started });
  }
  await ended;
  return shots;
}

/** Presses a key, and takes a screenshot of every so many presses. */
async function press(page: Page, target: Locator, key: string, times: number, each: number): Promise<Shot[]> {
  await target.focus();
  const shots: Shot[] = [];
  for (let i = 1; i <= times; i++) {
    await page.keyboard.press(key);
    if (i % each === 0) shots.push(await shoot(page, STEP));
  }
  return shots;
}

/** What a visitor sees and tries: the picture is denoised, compared, and what was removed is looked at. */
async function record(page: Page): Promise<Shot[]> {
  const hero = page.locator('#hero');
  const done = hero.evaluate(
    (element) => new Promise<void>((resolve) => element.addEventListener('done', () => resolve(), { once: true })),
  );
  const split = hero.getByRole('slider').first();
  const view = (name: string) => hero.getByRole('radio', { name }).or(hero.getByRole('button', { name })).first();
  const shots = [...(await shootUntil(page, done)), ...(await shootUntil(page, page.waitForTimeout(1500)))];
  shots.push(...(await press(page, split, 'ArrowLeft', 36, 2)));
  shots.push(...(await press(page, split, 'ArrowRight', 72, 2)));
  shots.push(...(await press(page, split, 'ArrowLeft', 36, 2)));
  for (const [name, duration] of [
    ['Noise', 2000],
    ['After', 2000],
    ['Compare', 1500],
  ] as const) {
    await view(name).click({ force: true });
    await page.waitForTimeout(300);
    shots.push(await shoot(page, duration));
  }
  return shots;
}

await setup({ vitest: { projects: [{ name: 'browser' }] } } as never);
const { startEdge } = await import('../../test/worker/harness.ts');
const edge = await startEdge();
const browser = await launchChromium({ webgpu: false });
try {
  const page = await browser.newPage({ viewport: size, colorScheme: 'light' });
  await page.goto(edge.url.href);
  const shots = await record(page);
  const painter = await Painter.open(browser, size);
  const patches: Patch[] = [];
  for (const { png, duration } of shots) {
    const patch = await painter.patch(png);
    const last = patches.at(-1);
    if (patch) patches.push({ ...patch, duration });
    else if (last) patches[patches.length - 1] = { ...last, duration: last.duration + duration };
  }
  const bytes = animate(size, patches);
  await writeFile(file, bytes);
  const seconds = shots.reduce((sum, { duration }) => sum + duration, 0) / 1000;
  console.log(
    `${file}  ${(bytes.length / 2 ** 20).toFixed(2)} MiB, ${seconds.toFixed(1)} s, ${patches.length} pictures`,
  );
} finally {
  await browser.close();
  await edge.close();
}
