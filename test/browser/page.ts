import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Edge } from '../worker/harness.ts';
import { probeFolder } from './probe/build.ts';

declare global {
  interface Window {
    degrain: typeof import('../../client/index.ts');
    probe: typeof import('./probe/probe.ts');
  }
}

/** A folder of its own on the edge's origin that no product address can be. */
const PROBE = '/test-probe/';

/** An empty page, without the policy that keeps scripts like the tests' out of all that the edge answers itself. */
const BLANK = `${PROBE}blank.html`;

/** A page of the edge with the library, as it is served, in `window.degrain` and the tests' own `window.probe`. */
export async function openPage(browser: Browser | BrowserContext, edge: Edge, path = BLANK): Promise<Page> {
  const page = await browser.newPage();
  await page.route(`**${PROBE}**`, (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === BLANK)
      return route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Test</title>' });
    return route.fulfill({ path: `${probeFolder}/${pathname.slice(PROBE.length)}` });
  });
  await page.goto(new URL(path, edge.url).href);
  await importInto(page, 'degrain', '/degrain.js');
  await importInto(page, 'probe', `${PROBE}probe.js`);
  return page;
}

/** Not `import()` in an evaluated function: vitest rewrites it into a call that pages don't have. */
export async function importInto(page: Page, name: 'degrain' | 'probe', address: string): Promise<void> {
  const content = `import * as found from ${JSON.stringify(address)}; window.${name} = found;`;
  await page.addScriptTag({ type: 'module', content });
  // not at animation frames, the default: WebGPU on the processor starves them
  await page.waitForFunction((name) => name in window, name, { polling: 50 });
}
