import type { ModelCard, Precision } from './card.ts';
import { filesToRun } from './card.ts';
import type { TilePlan } from './tiles.ts';

/** What is known of the machine that will run the tiles; every field may be missing. */
export interface Device {
  readonly backend?: Backend;
  /** WebGPU's limits, bytes. */
  readonly maxBufferSize?: number;
  readonly maxStorageBufferBindingSize?: number;
  readonly shaderF16?: boolean;
  /** What the caller is willing to spend, bytes. */
  readonly memoryBytes?: number;
}

export type Backend = 'webgpu' | 'wasm' | 'cpu';

/** WebGPU's guaranteed limits, for a device that doesn't say: 128 MiB a binding. */
const GUARANTEED_BINDING_BYTES = 2 ** 27;

/** Most pixels of a window: with wasm a window is a pause without progress (about 0.7 s at 512x512), with a GPU memory. */
const MAX_TILE_PIXELS: Record<Backend, number> = { webgpu: 2 ** 21, wasm: 2 ** 18, cpu: 2 ** 14 };

/** Most pixels that one window may have on this device. */
export function maxTilePixels(card: ModelCard, device: Device): number {
  const backend = device.backend ?? 'webgpu';
  const { largestBufferBytesPerPixel, peakBytesPerPixel } = card.memory;
  const caps = [MAX_TILE_PIXELS[backend]];
  if (backend === 'webgpu') {
    const binding = device.maxStorageBufferBindingSize ?? GUARANTEED_BINDING_BYTES;
    const buffer = device.maxBufferSize ?? 2 * GUARANTEED_BINDING_BYTES;
    caps.push(Math.floor(Math.min(binding, buffer) / largestBufferBytesPerPixel));
  }
  if (device.memoryBytes !== undefined) caps.push(Math.floor(device.memoryBytes / peakBytesPerPixel));
  return Math.min(...caps);
}

/** What carrying out a plan takes: multiply-accumulates (1e9), most activation bytes at a time, bytes to download. */
export function planCost(card: ModelCard, plan: TilePlan, precision: Precision) {
  const tilePixels = plan.tile.width * plan.tile.height;
  return {
    gmacs: (card.gmacsPerMegapixel * tilePixels * plan.tiles.length) / 1e6,
    peakBytes: Math.ceil(card.memory.peakBytesPerPixel * tilePixels),
    downloadBytes: filesToRun(card, precision).reduce((sum, file) => sum + file.bytes, 0),
  };
}
