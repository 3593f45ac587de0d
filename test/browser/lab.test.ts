import { readFile } from 'node:fs/promises';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FloatImage, fromRaster, toRaster } from '../../models/image.ts';
import { psnr, ssim } from '../../models/metrics.ts';
import { addGaussian } from '../../models/noise/add.ts';
import { type Edge, startEdge } from '../worker/harness.ts';
import { launchChromium } from './chromium.ts';

let edge: Edge;
let browser: Browser;
beforeAll(async () => {
  [edge, browser] = await Promise.all([startEdge(), launchChromium({ webgpu: false })]);
});
afterAll(async () => {
  await browser.close();
  await edge.close();
});

const LINKS = {
  bench:
    '#tab=bench&picture=scene&side=128&noise=gaussian&level=25&seed=7&sigma=told&models=gaussian,median,fast&view=picture&x=0.35&y=0.72&zoom=4',
  digits: '#tab=digits&data=mnist&example=4&factor=0.5&seed=3',
  latent: '#tab=latent&data=mnist&x=1&y=-0.5&base=&from=3&to=8&seed=1',
};

/** A new page at a link, with how many plans it asked for, and what its policy forbade it. */
async function open(link: string) {
  const page = await browser.newPage({ reducedMotion: 'reduce' });
  let plans = 0;
  const violations: string[] = [];
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) violations.push(message.text());
  });
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/v1/plans') plans++;
  });
  await page.goto(new URL(`/lab/${link}`, edge.url).href);
  return { page, plans: () => plans, violations };
}

const done = {
  bench: (page: Page) => page.locator('body[data-bench=ready]:not(:has(.waiting)) .trial').first().waitFor(),
  digits: (page: Page) => page.locator('.small:not(.empty)').nth(6).waitFor(),
  latent: (page: Page) => page.locator('body[data-latent=ready]').waitFor(),
};

/** What a canvas shows, as a picture. */
async function pixels(page: Page, selector: string, channels: 1 | 3 = 3): Promise<FloatImage> {
  const { width, height, rgba } = await page.locator(selector).evaluate((canvas: HTMLCanvasElement) => {
    const { width, height } = canvas;
    const data = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
    return { width, height, rgba: Array.from(data) };
  });
  const data = Uint8Array.from({ length: width * height * channels }, (_, i) => {
    return rgba[Math.floor(i / channels) * 4 + (i % channels)] as number;
  });
  return fromRaster({ data, width, height, channels, depth: 8 }).colour;
}

const shown = (id: string) => `[data-card=${id}] .shown canvas`;

async function savedBy(page: Page, button: string): Promise<{ name: string; text: string }> {
  const waiting = page.waitForEvent('download');
  await page.locator(button).click();
  const download = await waiting;
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
}

/** At 360 px, light and dark: nothing sticks out, and axe finds nothing. */
async function expectAccessible(page: Page): Promise<void> {
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
  await page.evaluate(axe.source);
  const grounds: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run());
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    expect(found, colorScheme).toEqual([]);
    grounds.push(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
  }
  expect(grounds[0]).not.toBe(grounds[1]);
}

/** A line down the left half of a drawing area, by mouse. */
async function drawLine(page: Page, selector: string): Promise<void> {
  const pad = page.locator(selector);
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  if (!box) throw new Error(`Expected ${selector} to be seen`);
  const x = box.x + box.width * 0.3;
  await page.mouse.move(x, box.y + box.height * 0.15);
  await page.mouse.down();
  await page.mouse.move(x, box.y + box.height * 0.85, { steps: 4 });
  await page.mouse.up();
}

test('a link runs its experiment, and the figures are those of the models on the same pixels', async () => {
  const { page, plans, violations } = await open(LINKS.bench);
  await done.bench(page);
  const clean = await pixels(page, shown('clean'));
  const noisy = await pixels(page, shown('noisy'));
  expect([clean.width, clean.height]).toEqual([128, 85]);
  // the same seed is the same noise here and there
  const expected = fromRaster(toRaster(addGaussian(clean, 25, { seed: 7 }), undefined, 8)).colour;
  expect(noisy.data).toEqual(expected.data);
  const gains: number[] = [];
  for (const id of ['noisy', 'gaussian', 'median', 'fast']) {
    const other = await pixels(page, shown(id));
    const text = await page.locator(`[data-card=${id}] .figures`).innerText();
    expect(text).toContain(`${psnr(clean, other).toFixed(2)} dB`);
    expect(text).toContain(ssim(clean, other).toFixed(4));
    gains.push(psnr(clean, other) - psnr(clean, noisy));
  }
  expect(gains[1]).toBeGreaterThan(4);
  expect(gains[3]).toBeGreaterThan(9);
  const first = await page.locator('#ranking tbody tr').first().innerText();
  expect(first).toMatch(/^1\. Fast\s/);
  expect(plans()).toBe(3);

  // back to where it was: nothing runs twice
  const before = page.url();
  await page.locator('#level').fill('40');
  await page.locator('#level').press('Tab');
  await page.locator('.waiting').first().waitFor();
  expect(page.url()).toContain('level=40');
  await page.locator('#level').fill('25');
  await page.locator('#level').press('Tab');
  await done.bench(page);
  expect(page.url()).toBe(before);
  expect(plans()).toBe(3);
  expect(violations).toEqual([]);
  await page.close();
});

test('what was removed, the loupe by keyboard, and the ways to say no', async () => {
  const { page } = await open(LINKS.bench.replace('gaussian,median,fast', 'median').replace('side=128', 'side=192'));
  await done.bench(page);
  const clean = await pixels(page, shown('clean'));
  const denoised = await pixels(page, shown('median'));
  await page.getByRole('button', { name: 'Error' }).click();
  const error = await pixels(page, shown('median'));
  const at = denoised.data.findIndex((value, i) => value - (clean.data[i] as number) > 0.1);
  expect(error.data[at]).toBeGreaterThan(0.6);
  const strip = () => pixels(page, '[data-card=clean] .loupe');
  const here = await strip();
  await page.locator('#loupe-x').focus();
  await page.keyboard.press('End');
  expect((await strip()).data).not.toEqual(here.data);
  expect(page.url()).toMatch(/view=error&x=1&/);
  await page.locator('#level').fill('30');
  await page.locator('#level').press('Enter');
  await page.setInputFiles('#bench-file', { name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('nothing') });
  const alert = page.getByRole('alert');
  await alert.waitFor();
  expect(await alert.innerText()).toContain('Choose a PNG, JPEG or WebP file.');
  await page.close();
});

test('PSNR over levels: a plot, a table, and both as files', async () => {
  const { page, plans } = await open(LINKS.bench.replace('gaussian,median,fast', 'gaussian,median'));
  await done.bench(page);
  await page.locator('#sweep').click();
  await page.locator('#sweep-csv:not([disabled])').waitFor();
  expect(await page.locator('#curve svg .line').count()).toBe(3);
  expect(await page.locator('#curve-table tbody tr').count()).toBe(5);
  // level 25 was known
  expect(plans()).toBe(2 * 5);
  const csv = await savedBy(page, '#sweep-csv');
  expect(csv.name).toBe('degrain-psnr-gaussian-seed-7.csv');
  const rows = csv.text.trim().split('\r\n');
  expect(rows).toHaveLength(1 + 5 * 3);
  const known = rows.find((row) => row.startsWith('scene,128,85,gaussian,25,7,gaussian@'))?.split(',') ?? [];
  expect(await page.locator('[data-card=gaussian] .figures').innerText()).toContain(Number(known[8]).toFixed(2));
  const svg = await savedBy(page, '#sweep-svg');
  expect(svg.text).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  expect(svg.text.match(/<polyline/g)).toHaveLength(3);
  await expectAccessible(page);

  // of another noise, and not to the end
  await page.locator('#noise').selectOption('camera');
  await page.locator('body[data-bench=ready]').waitFor();
  const asked = plans();
  await page.locator('#sweep').click();
  await page.locator('#sweep-cancel').click();
  await page.locator('#sweep:not([disabled])').waitFor();
  expect(plans()).toBeLessThan(asked + 2 * 5);
  expect(await page.locator('#error').isVisible()).toBe(false);
  await page.close();
});

test('an example digit is cleaned, and what is drawn is too', async () => {
  const { page, violations } = await open(LINKS.digits);
  await done.digits(page);
  const clean = await pixels(page, '[data-card=drawn] canvas', 1);
  const noisy = await pixels(page, '[data-card=noisy] canvas', 1);
  const cleaned = await pixels(page, '[data-card=conv] canvas', 1);
  expect(psnr(clean, cleaned)).toBeGreaterThan(psnr(clean, noisy) + 6);
  // the noise is not rounded to 8 bits, the output is
  expect(await page.locator('[data-card=conv]').innerText()).toContain(`${psnr(clean, cleaned).toFixed(2)} dB`);
  expect(await page.locator('#losses tbody tr').count()).toBe(7);

  await page.locator('#pad-clear').click();
  await drawLine(page, '#pad');
  const drawn = await pixels(page, '[data-card=drawn] canvas', 1);
  expect(drawn.data).not.toEqual(clean.data);
  // upright, and in the middle
  expect(drawn.data[14 * 28 + 14]).toBeGreaterThan(0.5);
  expect(page.url()).toContain('example=own');
  await page.locator('#digits-run').focus();
  await page.keyboard.press('Enter');
  await done.digits(page);
  await expectAccessible(page);
  expect(violations).toEqual([]);
  await page.close();
});

test('the arrow keys walk through the latent plane, and the link says where', async () => {
  const { page, plans, violations } = await open(LINKS.latent);
  await done.latent(page);
  expect(await page.locator('#latent-x-value').innerText()).toBe('1.00');
  const decoded = () => pixels(page, '#decoded', 1);
  const before = await decoded();
  await page.locator('#plane').focus();
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('ArrowUp');
  await expect.poll(async () => psnr(before, await decoded()), { timeout: 5000 }).toBeLessThan(40);
  expect(page.url()).toContain('x=0.5&y=-0.4&');
  expect(new Set((await pixels(page, '#plane-grid', 1)).data).size).toBeGreaterThan(50);

  // the walk's ends are the two pictures, as the network has them
  const [codes, faded] = [await pixels(page, '#walk-codes', 1), await pixels(page, '#walk-pixels', 1)];
  expect(psnr(faded, codes)).toBeGreaterThan(10);
  await drawLine(page, '#walk-pad-to');
  const other = async () => psnr(codes, await pixels(page, '#walk-codes', 1));
  await expect.poll(other, { timeout: 5000 }).toBeLessThan(20);
  expect(page.url()).toContain('from=3&to=own');

  const samples = await pixels(page, '#samples', 1);
  await page.locator('#samples-reseed').click();
  await expect.poll(async () => psnr(samples, await pixels(page, '#samples', 1)), { timeout: 5000 }).toBeLessThan(30);

  await expectAccessible(page);
  expect(violations).toEqual([]);
  await page.locator('#tab-latent').focus();
  await page.keyboard.press('ArrowLeft');
  expect(await page.locator('#digits').isVisible()).toBe(true);
  expect(page.url()).toContain('tab=digits');
  // looking around costs nothing
  expect(plans()).toBe(0);
  await page.close();
});

test('a run that is asked for before the denoisers are listed comes when they are', async () => {
  const page = await browser.newPage({ reducedMotion: 'reduce' });
  let list: () => void = () => undefined;
  const listed = new Promise<void>((resolve) => {
    list = resolve;
  });
  await page.route('**/v1/models', async (route) => {
    await listed;
    await route.continue();
  });
  await page.goto(new URL('/lab/', edge.url).href);
  await page.locator('#run').click();
  list();
  await page.locator('#bench-cancel').click();
  await page.locator('body[data-bench=ready]').waitFor();
  await page.close();
});
