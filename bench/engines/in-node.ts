import './raw-text.ts';
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { create, globals } from 'webgpu';
import { startThread } from '../../cli/threads.ts';
import { openKernels } from '../../client/engine/wasm/engine.ts';
import type { Opening } from '../../client/engine/wasm/serve-tiles.ts';
import type { ModelFiles } from '../../models/engine.ts';
import type { Host } from './arm.ts';
import { peersFolder } from './peers/install.ts';
import { type OnnxFiles, presentFile } from './peers/onnx-runtime.ts';
import { serve } from './serve.ts';
import type { Outcome, Request } from './session.ts';

/** SwiftShader compiles a store for every value of workgroup memory that is to be zero at first: seconds a kernel. */
const emulated = /swiftshader/i.test(process.env.VK_ICD_FILENAMES ?? '');

/** Dawn in Node. Unlike in a browser, passes are timed to the nanosecond, and NVIDIA's GPUs have float16 on Linux. */
const DAWN = [
  'disable-dawn-features=timestamp_quantization',
  `enable-dawn-features=vulkan_enable_f16_on_nvidia${emulated ? ',disable_workgroup_init' : ''}`,
];

Object.assign(globalThis, globals);
/** Kept: its devices end with it. */
const gpu = create(DAWN);
// TF.js and ONNX Runtime look here
Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });

export async function adapterInNode(): Promise<GPUAdapter> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter) return adapter;
  throw new Error(
    'Expected a WebGPU adapter but found none: install a driver for Vulkan, or point VK_ICD_FILENAMES at one',
  );
}

export async function measureInNode(files: ModelFiles, request: Request, onnx: OnnxFiles): Promise<Outcome> {
  // late: the shaders' loader and `navigator.gpu` stand first
  const [{ armsOf }, { openTfjsEngine }, { countMemory }, { runSession }] = await Promise.all([
    import('./arms.ts'),
    import('../../models/engine.ts'),
    import('./memory.ts'),
    import('./session.ts'),
  ]);
  const openTfjsWasm = async (threads: number) => {
    if (threads > 1) throw new Error('see --chromium: in Node, TF.js has one thread');
    await import('@tensorflow/tfjs-backend-wasm');
    return openTfjsEngine('wasm', 'wasm', files);
  };
  const inThread = async (opening: Opening) => (await startThread(opening)).computer;
  const peer = (path: string) => pathToFileURL(peersFolder + path).href;
  const served = await serve('');
  const host: Host = {
    adapter: adapterInNode,
    model: `${served.origin}published/${files.card.id}/${files.card.version}/`,
    peer,
    onnx: async (half) => readFile(presentFile(half ? onnx.half : onnx.single)),
    openWasm: (files, workers) => openKernels(files, async () => [], inThread, workers),
    openTfjsWasm,
    // two builds of the same: a module has one number of threads, and the browsers' starts none here
    ortWasm: (threads) => peer(`onnxruntime-web/dist/${threads > 1 ? 'ort.node' : 'ort.wasm.bundle'}.min.mjs`),
  };
  try {
    return await runSession(armsOf(host, files), countMemory(), files.card, request, adapterInNode);
  } finally {
    served.close();
  }
}
