import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import simdBinary from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm?url';
import { env } from '@tensorflow/tfjs-core';
import { type ModelFiles, openTfjsEngine, type TileEngine } from '../../models/engine.ts';

const simdAddress = new URL(simdBinary, import.meta.url).href;
// One binary under all three names: without SIMD the network takes minutes, so the engine is not offered then, and
// threads need a cross-origin isolated page, which a page that embeds us rarely is.
setWasmPaths({
  'tfjs-backend-wasm.wasm': simdAddress,
  'tfjs-backend-wasm-simd.wasm': simdAddress,
  'tfjs-backend-wasm-threaded-simd.wasm': simdAddress,
});
setThreadsCount(1);
env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);

/** Any graph, on one thread. */
export function openTfjsWasm(files: ModelFiles): Promise<TileEngine> {
  return openTfjsEngine('wasm', 'wasm', files);
}

/** TF.js asks for it again when the engine starts; by then it is in the browser's cache. */
export async function loadBinary(): Promise<void> {
  await (await fetch(simdAddress, { credentials: 'same-origin' })).arrayBuffer();
}
