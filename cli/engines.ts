import { availableParallelism } from 'node:os';
import type { Opening } from '../client/engine/wasm/serve-tiles.ts';
import type { EngineSource, ModelFiles, TileEngine } from '../models/engine.ts';
import { DegrainError } from '../models/errors.ts';
import { maxTilePixels } from '../models/limits.ts';

export const ENGINES = ['wasm', 'webgpu'] as const;
export type EngineName = (typeof ENGINES)[number];

/** TF.js takes a quarter of a second to load, so only on use: `--help` answers at once. */
export async function nodeEngine(name: EngineName, files: ModelFiles): Promise<EngineSource> {
  return name === 'wasm' ? wasm(files) : await webgpu(files);
}

async function wasm(files: ModelFiles): Promise<EngineSource> {
  return source('wasm', maxTilePixels(files.card, { backend: 'wasm' }), async () => {
    return (await openOurs(files)) ?? (await openTfjs('wasm', files));
  });
}

/** The browser's WebAssembly kernels in threads, one per core; none for what they don't compute. */
async function openOurs(files: ModelFiles): Promise<TileEngine | undefined> {
  const [{ openKernels }, { startThread }] = await Promise.all([
    import('../client/engine/wasm/engine.ts'),
    import('./threads.ts'),
  ]);
  try {
    const start = async (opening: Opening) => (await startThread(opening)).computer;
    return await openKernels(files, async () => [], start, availableParallelism());
  } catch (reason) {
    if (reason instanceof DegrainError && reason.code === 'engine-unavailable') return undefined;
    throw reason;
  }
}

async function openTfjs(name: EngineName, files: ModelFiles): Promise<TileEngine> {
  if (name === 'wasm') await import('@tensorflow/tfjs-backend-wasm');
  return (await import('../models/engine.ts')).openTfjsEngine(name, name, files);
}

async function webgpu(files: ModelFiles): Promise<EngineSource> {
  const { startWebgpu } = await import('./webgpu.ts');
  const limits = await startWebgpu();
  const pixels = maxTilePixels(files.card, { backend: 'webgpu', ...limits });
  return source('webgpu', pixels, () => openTfjs('webgpu', files));
}

/** Opened on first use, and kept: a folder of images needs it once. */
function source(name: EngineName, pixels: number, open: () => Promise<TileEngine>): EngineSource {
  let opened: Promise<TileEngine> | undefined;
  return {
    name,
    maxTilePixels: pixels,
    open() {
      opened ??= open();
      return opened;
    },
  };
}
