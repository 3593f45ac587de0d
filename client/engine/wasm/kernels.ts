import { assemble } from './assembler.ts';
import { multiplyKernel } from './kernels/multiply.ts';
import { gatherKernel, scatterKernel } from './kernels/pointwise.ts';
import { columnsKernel, tilesKernel, windowsKernel } from './kernels/winograd.ts';

/** What the module exports: functions of 32-bit integers, addresses in bytes. */
export type Kernels = Record<
  'multiply' | 'columns' | 'windows' | 'tiles' | 'tilesAdded' | 'gather' | 'scatter' | 'scatterAdded',
  (...parameters: number[]) => void
>;

/** The kernels as a WebAssembly module that imports its memory; with relaxed SIMD's multiply-add, or without. */
export const kernelsModule = (isFused: boolean): Uint8Array<ArrayBuffer> =>
  assemble([
    multiplyKernel(isFused),
    columnsKernel(),
    windowsKernel(),
    tilesKernel('tiles', false),
    tilesKernel('tilesAdded', true),
    gatherKernel(),
    scatterKernel('scatter', false),
    scatterKernel('scatterAdded', true),
  ]);

/** The faster of the two that this engine accepts. */
export async function compileKernels(): Promise<WebAssembly.Module> {
  const fused = kernelsModule(true);
  return WebAssembly.compile(WebAssembly.validate(fused) ? fused : kernelsModule(false));
}
