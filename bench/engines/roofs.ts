import { isSoftware } from '../../client/engine/gpu.ts';
import { arithmeticCeiling, memoryCeiling } from './ceiling.ts';
import type { Peaks } from './roof.ts';
import { wasmCeiling } from './wasm-ceiling.ts';

/** The peaks of this machine, as programs of a browser reach them. */
export interface Roofs {
  readonly gpu: Peaks | undefined;
  readonly gpuF16: Peaks | undefined;
  /** Of one thread. */
  readonly wasm: Peaks;
  /** The same with fused multiply-adds, where this browser has relaxed SIMD. */
  readonly wasmFused: Peaks | undefined;
}

const ROUNDS = 5;

export async function measureRoofs(adapter: (() => Promise<GPUAdapter>) | undefined, f16: boolean): Promise<Roofs> {
  const [plain = Number.NaN, fused] = [await wasmCeiling(false), await wasmCeiling(true)];
  const wasm = { wasm: { gflops: plain }, wasmFused: fused === undefined ? undefined : { gflops: fused } };
  if (!adapter) return { gpu: undefined, gpuF16: undefined, ...wasm };
  // an emulated GPU's memory is the processor's
  const gbps = await memoryCeiling(await adapter(), isSoftware((await adapter()).info) ? 1 : ROUNDS);
  const gpu = { gflops: await arithmeticCeiling(await adapter(), 'f32', ROUNDS), gbps };
  const gpuF16 = f16 ? { gflops: await arithmeticCeiling(await adapter(), 'f16', ROUNDS), gbps } : undefined;
  return { gpu, gpuF16, ...wasm };
}
