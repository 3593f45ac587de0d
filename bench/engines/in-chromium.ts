import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { ModelFiles } from '../../models/engine.ts';
import { launchChromium } from '../../test/browser/chromium.ts';
import { stateFolder } from '../../test/paths.ts';
import type { Measurement, Task } from './measure.ts';
import type { Parcel } from './page.ts';

/** An address that a browser trusts enough for WebGPU; nothing listens there. */
const ORIGIN = 'http://localhost:1/';

export async function measureInChromium(
  files: ModelFiles,
  task: Task,
): Promise<{ adapter: string; found: Measurement[] }> {
  const folder = await buildPage();
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.route(`${ORIGIN}**`, (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === '/')
        return route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Bench</title>' });
      return route.fulfill({ path: folder + pathname });
    });
    await page.goto(ORIGIN);
    const content = "import { measureHere } from '/page.js'; window.measureHere = measureHere;";
    await page.addScriptTag({ type: 'module', content });
    // not at animation frames, the default: WebGPU on the processor starves them
    await page.waitForFunction('window.measureHere', undefined, { polling: 50 });
    return await page.evaluate(
      (parcel) => (window as unknown as Pick<typeof import('./page.ts'), 'measureHere'>).measureHere(parcel),
      parcelOf(files, task),
    );
  } finally {
    await browser.close();
  }
}

const base64 = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString('base64');

function parcelOf(files: ModelFiles, task: Task): Parcel {
  const golden = task.golden.map(({ height, width, input, output }) => {
    return { height, width, input: base64(input), output: base64(output) };
  });
  return { ...files, ...task, weights: base64(files.weights), golden };
}

async function buildPage(): Promise<string> {
  const folder = `${stateFolder}bench-engines`;
  await build({
    configFile: false,
    logLevel: 'warn',
    root: fileURLToPath(new URL('./', import.meta.url)),
    base: './',
    publicDir: false,
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2023',
      modulePreload: false,
      rolldownOptions: {
        input: { page: fileURLToPath(new URL('./page.ts', import.meta.url)) },
        preserveEntrySignatures: 'exports-only',
        output: { entryFileNames: '[name].js' },
      },
    },
  });
  return folder;
}
