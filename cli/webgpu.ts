import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { registerBackend } from '@tensorflow/tfjs-core';
import { create, globals } from 'webgpu';
import { DegrainError } from '../models/errors.ts';

/**
 * Registers TF.js' backend 'webgpu' on Dawn in Node, and tells the adapter's limits. Dawn finds drivers through the
 * Vulkan loader: VK_ICD_FILENAMES picks one, such as SwiftShader's, which runs on the processor. Dawn's threads keep
 * the process alive: leave by process.exit().
 *
 * @throws DegrainError `engine-unavailable` without an adapter.
 */
export async function startWebgpu(): Promise<{ maxBufferSize: number; maxStorageBufferBindingSize: number }> {
  Object.assign(globalThis, globals);
  const gpu = create([]);
  // TF.js looks here, and the object must outlive its devices
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) {
    throw new DegrainError('engine-unavailable', {
      expected: 'a GPU that Vulkan, Metal or Direct3D 12 can use',
      received: 'no WebGPU adapter',
      remedy: 'Leave --engine out: wasm runs everywhere.',
    });
  }
  const { limits } = adapter;
  const device = await adapter.requestDevice({
    requiredLimits: {
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
  });
  registerBackend('webgpu', () => new WebGPUBackend(device, adapter.info));
  return { maxBufferSize: limits.maxBufferSize, maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize };
}
