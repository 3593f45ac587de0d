import type { EngineSource, ModelFiles, TileEngine } from '../models/engine.ts';
import { maxTilePixels } from '../models/limits.ts';

export const ENGINES = ['wasm', 'webgpu'] as const;
export type EngineName = (typeof ENGINES)[number];

/** TF.js takes a quarter of a second to load, so only on use: `--help` answers at once. */
export async function nodeEngine(name: EngineName, files: ModelFiles): Promise<EngineSource> {
  return name === 'wasm' ? wasm(files) : await webgpu(files);
}

async function wasm(files: ModelFiles): Promise<EngineSource> {
  await import('@tensorflow/tfjs-backend-wasm');
  return source('wasm', files, maxTilePixels(files.card, { backend: 'wasm' }));
}

async function webgpu(files: ModelFiles): Promise<EngineSource> {
  const { startWebgpu } = await import('./webgpu.ts');
  const limits = await startWebgpu();
  return source('webgpu', files, maxTilePixels(files.card, { backend: 'webgpu', ...limits }));
}

/** Opened on first use, and kept: a folder of images needs it once. */
async function source(name: EngineName, files: ModelFiles, pixels: number): Promise<EngineSource> {
  const { openTfjsEngine } = await import('../models/engine.ts');
  let opened: Promise<TileEngine> | undefined;
  return {
    name,
    maxTilePixels: pixels,
    open() {
      opened ??= openTfjsEngine(name, name, files);
      return opened;
    },
  };
}
