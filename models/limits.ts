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

/** Most pixels of a window: on a processor a window is a pause without progress, on a GPU memory. */
const MAX_TILE_PIXELS: Record<Backend, number> = { webgpu: 2 ** 21, wasm: 2 ** 18, cpu: 2 ** 14 };

/** Pauses of a processor: about two seconds' work (1e9 multiply-accumulates), but windows that are more than halo. */
const PAUSE_GMACS = 40;
const SMALLEST_PAUSE_PIXELS = 2 ** 16;

/** The largest share of a tab's memory that activations may take unless the caller says otherwise, bytes. */
const WASM_MEMORY_BYTES = 2 ** 30;

/** Most pixels that one window may have on this device. */
export function maxTilePixels(card: ModelCard, device: Device): number {
  // filters run in JavaScript, whatever the device has beside it
  const backend = card.family === 'filter' ? 'wasm' : (device.backend ?? 'webgpu');
  const { largestBufferBytesPerPixel, peakBytesPerPixel } = card.memory;
  const caps = [MAX_TILE_PIXELS[backend]];
  if (backend === 'webgpu') {
    const binding = device.maxStorageBufferBindingSize ?? GUARANTEED_BINDING_BYTES;
    const buffer = device.maxBufferSize ?? 2 * GUARANTEED_BINDING_BYTES;
    caps.push(Math.floor(Math.min(binding, buffer) / largestBufferBytesPerPixel));
  }
  if (backend === 'wasm') {
    const pause = card.family === 'filter' ? Number.POSITIVE_INFINITY : (PAUSE_GMACS * 1e6) / card.gmacsPerMegapixel;
    caps.push(Math.floor(Math.max(SMALLEST_PAUSE_PIXELS, pause)));
    caps.push(Math.floor(WASM_MEMORY_BYTES / peakBytesPerPixel));
  }
  if (device.memoryBytes !== undefined) caps.push(Math.floor(device.memoryBytes / peakBytesPerPixel));
  return Math.min(...caps);
}

/** What the edge computes in a request, per image of 65,536 px, and what an isolate reads to do so. */
const EDGE_GMACS_PER_MEGAPIXEL = 100;
const EDGE_WEIGHT_BYTES = 4 * 2 ** 20;

/** Whether a denoiser is small enough for the edge's processors. */
export function runsAtEdge(card: ModelCard): boolean {
  if (card.family === 'filter') return card.edge;
  return card.gmacsPerMegapixel <= EDGE_GMACS_PER_MEGAPIXEL && bytesToRun(card, 'f16') <= EDGE_WEIGHT_BYTES;
}

/** What carrying out a plan takes: multiply-accumulates (1e9; none are counted of filters), most activation bytes at a time, bytes to download. */
export function planCost(card: ModelCard, plan: TilePlan, precision: Precision) {
  const tilePixels = plan.tile.width * plan.tile.height;
  const gmacsPerMegapixel = card.family === 'filter' ? 0 : card.gmacsPerMegapixel;
  return {
    gmacs: (gmacsPerMegapixel * tilePixels * plan.tiles.length) / 1e6,
    peakBytes: Math.ceil(card.memory.peakBytesPerPixel * tilePixels),
    downloadBytes: bytesToRun(card, precision),
  };
}

const bytesToRun = (card: ModelCard, precision: Precision) =>
  filesToRun(card, precision).reduce((sum, file) => sum + file.bytes, 0);
