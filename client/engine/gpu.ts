import type { Device } from '../../models/limits.ts';

/** The page's GPU, before anything is asked of it. */
export interface Gpu {
  readonly adapter: GPUAdapter;
  readonly kind: 'hardware' | 'software';
  /** Vendor and architecture, as far as the browser says. */
  readonly name: string;
  /** For the planner. */
  readonly device: Device;
}

/** Undefined where there is no WebGPU, or no adapter behind it. An adapter gives one device: ask anew for another. */
export async function findGpu(): Promise<Gpu | undefined> {
  // The type says that `gpu` is always there; browsers say otherwise, and so do pages without a secure context.
  const gpu = navigator.gpu as GPU | undefined;
  // Blocked GPUs are null in some browsers and a rejection in others; either way there are other engines.
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' }).catch((reason) => {
    console.debug('degrain: no WebGPU', reason);
    return null;
  });
  if (!adapter) return undefined;
  const { info, limits, features } = adapter;
  return {
    adapter,
    kind: isSoftware(info) ? 'software' : 'hardware',
    name: [info.vendor, info.architecture].filter(Boolean).join(' ') || 'unnamed',
    device: {
      backend: 'webgpu',
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      shaderF16: features.has('shader-f16'),
    },
  };
}

/** Emulated on the processor. SwiftShader's vendor is google; not every browser sets `isFallbackAdapter`. */
export function isSoftware({ vendor, architecture, isFallbackAdapter }: Partial<GPUAdapterInfo>): boolean {
  return isFallbackAdapter === true || vendor === 'google' || /swiftshader|llvmpipe|lavapipe/i.test(architecture ?? '');
}
