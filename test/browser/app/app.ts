import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Edge } from '../../worker/harness.ts';
import { openPage } from '../page.ts';
import { serveToy } from '../toy-model.ts';

export interface Upload {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** Makes noisy scenes as files: PNG, or what the browser writes else. */
export async function openPainter(browser: Browser, edge: Edge) {
  const painter = await openPage(browser, edge);
  return async (width: number, height: number, name = 'night.holiday.png', mimeType = 'image/png'): Promise<Upload> => {
    const bytes = await painter.evaluate(
      async ([width, height, type]) => {
        const { base64Of, scene } = window.probe;
        const canvas = new OffscreenCanvas(width, height);
        canvas.getContext('2d')?.putImageData(scene(width, height, 25).noisy, 0, 0);
        return base64Of(await canvas.convertToBlob({ type }));
      },
      [width, height, mimeType] as const,
    );
    return { name, mimeType, buffer: Buffer.from(bytes, 'base64') };
  };
}

/** A visitor's browser of its own. The service worker only where it is what is tested: the toy is served by the page's routes. */
export const openVisitor = (browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserContext> =>
  browser.newContext({ reducedMotion: 'reduce', serviceWorkers: 'block', ...options });

/** The app, with the toy for a network unless the network matters. */
export async function openApp(context: BrowserContext, edge: Edge, { toy = true, path = '/app/' } = {}): Promise<Page> {
  const page = await context.newPage();
  if (toy) await serveToy(page, edge);
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
