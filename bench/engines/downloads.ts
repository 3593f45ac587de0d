import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { filesToRun, type NetworkCard, type Precision } from '../../models/card.ts';
import { root } from '../../test/paths.ts';
import { peersFolder } from './peers/install.ts';
import { OIDN_WEIGHT_BYTES } from './peers/oidn.ts';
import type { OnnxFile, OnnxFiles } from './peers/onnx-runtime.ts';

/** What a visitor loads before the first tile: bytes as they travel, compressed by gzip. */
export interface Download {
  readonly code: number;
  readonly weights: number;
}

/** By the arms' names. */
export async function downloadsOf(
  card: NetworkCard,
  published: string,
  precision: Precision,
  onnx: OnnxFiles,
): Promise<Map<string, Download>> {
  const sizes = await builtSizes();
  const model = async (precision: Precision) =>
    sum(filesToRun(card, precision).map(({ name }) => packed(`${published}/${name}`)));
  const [own, f16] = [await model(precision), await model('f16')];
  const [single, half] = [await packedOnnx(onnx.single), await packedOnnx(onnx.half)];
  const ort = (...names: string[]) => sum(names.map((name) => packed(`${peersFolder}onnxruntime-web/dist/${name}`)));
  const ortWasm = { code: await ort('ort.wasm.bundle.min.mjs', 'ort-wasm-simd-threaded.wasm'), weights: single };
  const ortWebgpu = await ort('ort.webgpu.bundle.min.mjs', 'ort-wasm-simd-threaded.asyncify.wasm');
  const tfjs = `${root}node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm`;
  const [one, several] = [await packed(`${tfjs}-simd.wasm`), await packed(`${tfjs}-threaded-simd.wasm`)];
  return new Map([
    ['wgsl', { code: sizes.wgsl, weights: own }],
    ['wgsl f16', { code: sizes.wgsl, weights: own }],
    ['tfjs-webgpu', { code: sizes.webgpu, weights: own }],
    ['wasm', { code: sizes.wasm, weights: own }],
    ['wasm 2', { code: sizes.wasm, weights: own }],
    ['TF.js webgpu', { code: sizes.stock, weights: f16 }],
    ['TF.js wasm 1', { code: sizes.tfjs + one, weights: own }],
    ['TF.js wasm 2', { code: sizes.tfjs + several, weights: own }],
    ['ORT wasm 1', ortWasm],
    ['ORT wasm 2', ortWasm],
    ['ORT webgpu', { code: ortWebgpu, weights: single }],
    ['ORT webgpu f16', { code: ortWebgpu, weights: half }],
    ['oidn-web', { code: await packed(`${peersFolder}oidn-web/dist/oidn.js`), weights: OIDN_WEIGHT_BYTES }],
  ]);
}

const packedOnnx = async (file: OnnxFile) => (typeof file === 'string' ? packed(file) : 0);

/** 0 for what is not there. */
async function packed(path: string): Promise<number> {
  try {
    return await gzipped(readFileSync(path));
  } catch {
    return 0;
  }
}

const gzipped = async (bytes: Uint8Array | string) => (await promisify(gzip)(bytes, { level: 9 })).length;

async function sum(numbers: Promise<number>[]): Promise<number> {
  return (await Promise.all(numbers)).reduce((total, each) => total + each, 0);
}

/** Scripts alone, as the library's build makes them. */
async function builtSizes() {
  const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  const entries = {
    wgsl: here('../../client/engine/wgsl/tuned.ts'),
    webgpu: here('../../client/engine/webgpu.ts'),
    kernels: here('../../client/engine/wasm/engine.ts'),
    tiles: here('../../client/engine/wasm/tile-worker.ts'),
    tfjs: here('../../client/engine/tfjs-wasm.ts'),
    stock: here('./peers/tfjs.ts'),
  };
  const { output } = (await build({
    configFile: false,
    logLevel: 'error',
    root: here('./'),
    build: {
      write: false,
      target: 'es2023',
      modulePreload: false,
      rolldownOptions: { input: entries, preserveEntrySignatures: 'exports-only' },
    },
  })) as Rolldown.RolldownOutput;
  const chunks = output.filter((each) => each.type === 'chunk');
  const withImports = (file: string, seen: Set<string>): Set<string> => {
    const chunk = chunks.find(({ fileName }) => fileName === file);
    if (!chunk || seen.has(file)) return seen;
    seen.add(file);
    for (const other of [...chunk.imports, ...chunk.dynamicImports]) withImports(other, seen);
    return seen;
  };
  const sizeOf = (name: keyof typeof entries) => {
    const entry = chunks.find((chunk) => chunk.isEntry && chunk.name === name);
    const files = withImports(entry?.fileName ?? '', new Set());
    return sum(chunks.filter(({ fileName }) => files.has(fileName)).map(({ code }) => gzipped(code)));
  };
  return {
    wgsl: await sizeOf('wgsl'),
    webgpu: await sizeOf('webgpu'),
    wasm: (await sizeOf('kernels')) + (await sizeOf('tiles')),
    tfjs: await sizeOf('tfjs'),
    stock: await sizeOf('stock'),
  };
}
