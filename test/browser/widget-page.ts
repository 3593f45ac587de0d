import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { DenoiseImageElement } from '../../client/widget/contract.ts';
import type { Edge } from '../worker/harness.ts';
import { openPage } from './page.ts';
import { serveToy } from './toy-model.ts';

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

/** PNG files of a noisy scene, made once by a page of their own. */
export async function noisyPng(browser: Browser, edge: Edge, width: number, height: number): Promise<Buffer> {
  const page = await openPage(browser, edge);
  const bytes = await page.evaluate(
    async ([width, height]) => {
      const { base64Of, pngOf, scene } = window.probe;
      return base64Of(await pngOf(scene(width, height, 25).noisy));
    },
    [width, height] as const,
  );
  await page.close();
  return Buffer.from(bytes, 'base64');
}

/** As a server does that lets pages of other origins read its pictures. */
export async function servePicture(page: Page, body: Buffer, address = PICTURE): Promise<void> {
  await page.route(`**${address}`, (route) =>
    route.fulfill({ body, contentType: 'image/png', headers: { 'Access-Control-Allow-Origin': '*' } }),
  );
}

/** A page of the edge with the element's script, the toy in place of the network, and this in its body. */
export async function openWidget(
  browser: Browser,
  edge: Edge,
  picture: Buffer,
  html: string,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await openPage(context, edge);
  await serveToy(page, edge);
  await servePicture(page, picture);
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
