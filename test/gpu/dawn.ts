import { create, globals } from 'webgpu';

Object.assign(globalThis, globals);
/**
 * Kept: its devices end with it. SwiftShader compiles a store for every value of workgroup memory that is to be zero at
 * first, which takes two seconds a kernel; ours read nothing that they have not written.
 */
const gpu = create(['enable-dawn-features=disable_workgroup_init']);

/** SwiftShader, which vitest.config.ts points Dawn at: right, but slower than anything. Each adapter gives one device. */
export async function softwareAdapter(): Promise<GPUAdapter> {
  const adapter = await gpu.requestAdapter();
  if (!adapter) throw new Error('Expected SwiftShader beside the unpacked browser but found no adapter');
  return adapter;
}
