import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { DenoiseImageElement } from '../../client/widget/contract.ts';
import type { Edge } from '../worker/harness.ts';

declare global {
  interface Window {
    /** What the page heard of its elements, in order. */
    heard: { name: string; id: string; detail: unknown }[];
    /** The first element of the page. */
    element: DenoiseImageElement;
  }
}

/** An address of the edge's origin that no product file can have. */
export const PICTURE = '/test-pictures/night.png';

/** As a server does that lets pages of other origins read its pictures. */
export async function servePicture(page: Page, body: Uint8Array, address = PICTURE): Promise<void> {
  await page.route(`**${address}`, (route) =>
    route.fulfill({
      body: Buffer.from(body),
      contentType: 'image/png',
      headers: { 'Access-Control-Allow-Origin': '*' },
    }),
  );
}

const BLANK = '/test-pictures/blank.html';

/** A page of the edge with the element's script, and this in its body. */
export async function openWidget(
  browser: Browser,
  edge: Edge,
  picture: Uint8Array,
  html: string,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const page = await browser.newPage({ reducedMotion: 'reduce', ...options });
  await page.route(`**${BLANK}`, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><html lang="en"><title>Test</title>' }),
  );
  await servePicture(page, picture);
  await page.goto(new URL(BLANK, edge.url).href);
  await page.addScriptTag({ type: 'module', url: '/widget.js' });
  await page.evaluate((html) => {
    window.heard = [];
    for (const name of ['plan', 'progress', 'tile', 'done', 'error']) {
      // caught on their way down: errors do not bubble
      document.addEventListener(
        name,
        (event) => {
          if (!(event instanceof CustomEvent)) return;
          const { id } = event.target as Element;
          window.heard.push({ name, id, detail: name === 'done' ? undefined : event.detail });
        },
        true,
      );
    }
    document.body.innerHTML = html;
    window.element = document.querySelector('denoise-image') as DenoiseImageElement;
  }, html);
  await page.waitForFunction(() => customElements.get('denoise-image'), undefined, { polling: 20 });
  return page;
}

/** Waits until the page's first element is in that state. */
export const inState = (page: Page, state: DenoiseImageElement['state']) =>
  page.waitForFunction((state) => window.element.state === state, state, { polling: 20, timeout: 30_000 });
