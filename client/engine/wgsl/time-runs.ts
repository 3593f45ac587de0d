import type { Dispatch } from './tile.ts';

/** ms: what takes less is lost in the clock's steps, 0.1 ms of timestamps and of pages, and in the way to the GPU. */
export const LEAST_MS = 5;
const MOST_RUNS = 64;

/**
 * ms of one run of the dispatches, of as many in a row as take LEAST_MS: by the GPU's own clock if the device has
 * `timestamp-query`, else from queueing to the end.
 */
export async function timeRuns(device: GPUDevice, dispatches: readonly Dispatch[]): Promise<number> {
  // the first finds buffers that are to be cleared and code that is to be loaded
  let ms = await timeInRow(device, dispatches, 1);
  for (let runs = 1; ; ) {
    ms = await timeInRow(device, dispatches, runs);
    if (ms >= LEAST_MS || runs === MOST_RUNS) return ms / runs;
    runs = Math.min(MOST_RUNS, Math.max(runs + 1, Math.ceil((1.2 * runs * LEAST_MS) / ms)));
  }
}

async function timeInRow(device: GPUDevice, dispatches: readonly Dispatch[], runs: number): Promise<number> {
  const stamps = device.features.has('timestamp-query') ? new Stamps(device) : undefined;
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass(stamps?.pass);
  for (let run = 0; run < runs; run++) {
    for (const { step, bindings, workgroups } of dispatches) {
      pass.setPipeline(step.pipeline);
      pass.setBindGroup(0, bindings);
      pass.dispatchWorkgroups(...workgroups);
    }
  }
  pass.end();
  stamps?.resolve(encoder);
  const started = performance.now();
  device.queue.submit([encoder.finish()]);
  await device.queue.onSubmittedWorkDone();
  const waited = performance.now() - started;
  const counted = await stamps?.read();
  // some drivers leave zeros, or count something else
  return counted !== undefined && counted > 0 && counted <= waited ? counted : waited;
}

/** When a pass began and ended, by the GPU's clock. */
class Stamps {
  readonly pass: GPUComputePassDescriptor;
  readonly #querySet: GPUQuerySet;
  readonly #resolved: GPUBuffer;
  readonly #readable: GPUBuffer;

  constructor(device: GPUDevice) {
    const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
    const size = 2 * BigUint64Array.BYTES_PER_ELEMENT;
    this.#querySet = device.createQuerySet({ type: 'timestamp', count: 2 });
    this.#resolved = device.createBuffer({ size, usage: QUERY_RESOLVE | COPY_SRC });
    this.#readable = device.createBuffer({ size, usage: MAP_READ | COPY_DST });
    const timestampWrites = { querySet: this.#querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 };
    this.pass = { timestampWrites };
  }

  resolve(encoder: GPUCommandEncoder): void {
    encoder.resolveQuerySet(this.#querySet, 0, 2, this.#resolved, 0);
    encoder.copyBufferToBuffer(this.#resolved, 0, this.#readable, 0, this.#readable.size);
  }

  /** ms. */
  async read(): Promise<number> {
    await this.#readable.mapAsync(GPUMapMode.READ);
    const [began = 0n, ended = 0n] = new BigUint64Array(this.#readable.getMappedRange());
    this.#readable.destroy();
    this.#resolved.destroy();
    this.#querySet.destroy();
    return Number(ended - began) / 1e6;
  }
}
