import type { Readbacks } from './readbacks.ts';
import type { Dispatch, Tile } from './tile.ts';

/** Where work leaves its answer, and through what it is read. */
export interface Reading {
  readonly source: GPUBuffer;
  /** From the beginning of the source; a multiple of four. */
  readonly bytes: number;
  readonly readbacks: Readbacks;
}

/** Mapped until it is released. */
export interface Answer {
  readonly bytes: ArrayBuffer;
  release(): void;
}

/**
 * Queues the work, in one command buffer unless that would be more than `mostGmacs`, and waits for its answer. Whatever else is queued
 * before or after may use the same buffers, but for the one that is read.
 *
 * @throws what mapping throws where the device is lost.
 */
export async function runDispatches(
  device: GPUDevice,
  dispatches: readonly Dispatch[],
  { source, bytes, readbacks }: Reading,
  mostGmacs = Number.POSITIVE_INFINITY,
): Promise<Answer> {
  let encoder = device.createCommandEncoder();
  let pass = encoder.beginComputePass();
  let gmacs = 0;
  for (const dispatch of dispatches) {
    if (gmacs > 0 && gmacs + dispatch.gmacs > mostGmacs) {
      pass.end();
      device.queue.submit([encoder.finish()]);
      encoder = device.createCommandEncoder();
      pass = encoder.beginComputePass();
      gmacs = 0;
    }
    pass.setPipeline(dispatch.step.pipeline);
    pass.setBindGroup(0, dispatch.bindings);
    pass.dispatchWorkgroups(...dispatch.workgroups);
    gmacs += dispatch.gmacs;
  }
  pass.end();
  const readback = readbacks.take();
  encoder.copyBufferToBuffer(source, 0, readback, 0, bytes);
  device.queue.submit([encoder.finish()]);
  await readback.mapAsync(GPUMapMode.READ, 0, bytes);
  return { bytes: readback.getMappedRange(0, bytes), release: () => readbacks.give(readback) };
}

/** The whole network: the window in, [1,H,W,C], and the answer out. */
export function runWindow(device: GPUDevice, tile: Tile, window: Float32Array, mostGmacs?: number): Promise<Answer> {
  device.queue.writeBuffer(tile.image, 0, window as Float32Array<ArrayBuffer>);
  const { dispatches, result, readbacks } = tile;
  return runDispatches(device, dispatches, { source: result, bytes: result.size, readbacks }, mostGmacs);
}
