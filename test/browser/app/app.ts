import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Edge } from '../../worker/harness.ts';

export interface Upload {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** Makes noisy pictures as files: PNG, or what the browser writes else. */
export async function openPainter(browser: Browser) {
  const painter = await browser.newPage();
  return async (width: number, height: number, name = 'night.holiday.png', mimeType = 'image/png'): Promise<Upload> => {
    const bytes = await painter.evaluate(
      async ([width, height, type]) => {
        const canvas = new OffscreenCanvas(width, height);
        const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
        // a gradient, and a sum of uniform noise that is nearly Gaussian, of sigma 25
        const noise = () => [...Array(12)].reduce((sum: number) => sum + Math.random() - 0.5, 0) * 25;
        const image = new ImageData(width, height);
        for (let i = 0; i < image.data.length; i++) {
          image.data[i] = i % 4 === 3 ? 255 : 90 + (60 * i) / image.data.length + noise();
        }
        context.putImageData(image, 0, 0);
        const file = new Uint8Array(await (await canvas.convertToBlob({ type })).arrayBuffer());
        return Array.from(file, (byte) => String.fromCharCode(byte)).join('');
      },
      [width, height, mimeType] as const,
    );
    return { name, mimeType, buffer: Buffer.from(bytes, 'latin1') };
  };
}

/** A visitor's browser of its own. The service worker only where it is what is tested: what it answers passes no route. */
export const openVisitor = (browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserContext> =>
  browser.newContext({ reducedMotion: 'reduce', serviceWorkers: 'block', ...options });

/** The app, with a filter unless the network matters: that one loads nothing. */
export async function openApp(context: BrowserContext, edge: Edge, path = '/app/?model=median'): Promise<Page> {
  const page = await context.newPage();
  await page.goto(new URL(path, edge.url).href);
  return page;
}

export const pick = (page: Page, ...files: Upload[]) => page.setInputFiles('#file, #more', files);

/** A machine that is busy gets its time. */
export const eventually: typeof expect.poll = (look) => expect.poll(look, { timeout: 20_000 });

/** Of the photo that is shown. */
export const inState = (page: Page, state: 'empty' | 'waiting' | 'busy' | 'done' | 'failed') =>
  page.locator(`body[data-state="${state}"]`).waitFor({ timeout: 30_000 });

/** What the strip says, photo by photo. */
export const strip = (page: Page): Promise<string[]> =>
  page
    .locator('#strip li')
    .evaluateAll((frames) =>
      frames.map(
        (frame) =>
          `${frame.querySelector('.frame-name')?.textContent} ${frame.querySelector('.frame-state')?.textContent}`,
      ),
    );

/** Largest difference between the pictures before and after, in 8-bit steps. */
export const difference = (page: Page): Promise<number> =>
  page.locator('#photo').evaluate((photo) => {
    const find = (part: string) => photo.shadowRoot?.querySelector(`[part~=${part}]`);
    const after = find('after') as HTMLCanvasElement;
    const { width, height } = after;
    const pixels = (picture: CanvasImageSource) => {
      const context = new OffscreenCanvas(width, height).getContext('2d') as OffscreenCanvasRenderingContext2D;
      context.drawImage(picture, 0, 0);
      return context.getImageData(0, 0, width, height).data;
    };
    const shown = pixels(after);
    return pixels(find('before') as HTMLImageElement).reduce(
      (largest, value, i) => Math.max(largest, Math.abs(value - (shown[i] ?? 0))),
      0,
    );
  });
