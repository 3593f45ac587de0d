import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { ModelFiles } from '../../models/engine.ts';
import { launchChromium } from '../../test/browser/chromium.ts';
import { stateFolder } from '../../test/paths.ts';
import type { Parcel } from './page.ts';
import type { OnnxFile, OnnxFiles } from './peers/onnx-runtime.ts';
import { serve } from './serve.ts';
import type { Outcome, Request } from './session.ts';

type MeasureHere = typeof import('./page.ts').measureHere;

export async function measureInChromium(files: ModelFiles, request: Request, onnx: OnnxFiles): Promise<Outcome> {
  const folder = await buildPage();
  const [served, browser] = [await serve(folder), await launchChromium()];
  try {
    const page = await browser.newPage();
    await page.goto(served.origin);
    const content = "import { measureHere } from '/page/page.js'; window.measureHere = measureHere;";
    await page.addScriptTag({ type: 'module', content });
    // not at animation frames, the default: WebGPU on the processor starves them
    await page.waitForFunction('window.measureHere', undefined, { polling: 50 });
    return await page.evaluate(
      (parcel) => (window as unknown as { measureHere: MeasureHere }).measureHere(parcel),
      parcelOf(files, request, onnx, served.origin),
    );
  } finally {
    await browser.close();
    served.close();
  }
}

const base64 = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString('base64');

function parcelOf(files: ModelFiles, request: Request, onnx: OnnxFiles, origin: string): Parcel {
  const golden = request.golden.map(({ height, width, input, output }) => {
    return { height, width, input: base64(input), output: { f16: base64(output.f16), q8: base64(output.q8) } };
  });
  const { id, version } = files.card;
  const addressOf = (file: OnnxFile) => (typeof file === 'string' ? `${origin}onnx/${basename(file)}` : file);
  return {
    ...files,
    ...request,
    weights: base64(files.weights),
    golden,
    model: `${origin}published/${id}/${version}/`,
    onnx: { single: addressOf(onnx.single), half: addressOf(onnx.half) },
  };
}

async function buildPage(): Promise<string> {
  const folder = `${stateFolder}bench-engines`;
  const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  await build({
    configFile: false,
    logLevel: 'warn',
    root: here('./'),
    base: './',
    publicDir: false,
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2023',
      modulePreload: false,
      chunkSizeWarningLimit: 2000,
      rolldownOptions: {
        input: { page: here('./page.ts') },
        preserveEntrySignatures: 'exports-only',
        output: { entryFileNames: '[name].js' },
      },
    },
  });
  return folder;
}
