import './raw-text.ts';
import { create, globals } from 'webgpu';
import type { ModelFiles } from '../../models/engine.ts';
import type { Arm } from './measure.ts';

/** Dawn in Node. Unlike in a browser, passes are timed to the nanosecond, and NVIDIA's GPUs have float16 on Linux. */
const DAWN = ['disable-dawn-features=timestamp_quantization', 'enable-dawn-features=vulkan_enable_f16_on_nvidia'];

Object.assign(globalThis, globals);
/** Kept: its devices end with it. */
const gpu = create(DAWN);
// TF.js looks here
Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });

export async function adapterInNode(): Promise<GPUAdapter> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter) return adapter;
  throw new Error(
    'Expected a WebGPU adapter but found none: install a driver for Vulkan, or point VK_ICD_FILENAMES at one',
  );
}

/** Imported late: the shaders' loader must stand first. */
export async function armsInNode(files: ModelFiles, f16: boolean): Promise<Arm[]> {
  const { openWgsl } = await import('../../client/engine/wgsl/engine.ts');
  const { openWebgpu } = await import('../../client/engine/webgpu.ts');
  const { openTfjsEngine } = await import('../../models/engine.ts');
  return [
    { name: 'wgsl', open: async () => openWgsl(await adapterInNode(), files, []) },
    ...(f16
      ? [{ name: 'wgsl, f16', open: async () => openWgsl(await adapterInNode(), files, [], { arithmetic: 'f16' }) }]
      : []),
    { name: 'tfjs-webgpu', open: async () => openWebgpu(await adapterInNode(), files, []) },
    {
      name: 'wasm',
      open: async () => {
        await import('@tensorflow/tfjs-backend-wasm');
        return openTfjsEngine('wasm', 'wasm', files);
      },
    },
  ];
}
