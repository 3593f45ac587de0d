import { compile } from '../../client/engine/layers/compile.ts';
import type { Layer } from '../../client/engine/layers/network.ts';
import { type Arithmetic, rowsFor } from '../../client/engine/wgsl/kernel.ts';
import { buildProgram } from '../../client/engine/wgsl/program.ts';
import { createTile } from '../../client/engine/wgsl/tile.ts';
import type { ModelFiles } from '../../models/engine.ts';
import { median } from '../load/statistics.ts';
import type { Work } from './roof.ts';
import { workOf } from './work.ts';

/** Layers of one shape: all cost the same. */
export interface LayerClass extends Work {
  readonly name: string;
  readonly count: number;
  /** ms of all of them per megapixel on the GPU; undefined without timestamps. */
  readonly ms: number | undefined;
}

const describe = ({ kernel, unshuffle, shuffle, inputChannels, outputChannels, scale, residual }: Layer) =>
  [
    `${kernel}x${kernel} ${inputChannels * unshuffle ** 2} to ${outputChannels * shuffle ** 2} at 1/${scale}`,
    ...(unshuffle === 2 ? ['unshuffle'] : []),
    ...(shuffle === 2 ? ['shuffle'] : []),
    ...(residual ? ['sum'] : []),
  ].join(', ');

/** What each kind of layer costs, and takes, with a pass for each layer: a little slower than all in one. */
export async function measureLayers(
  adapter: GPUAdapter,
  files: ModelFiles,
  arithmetic: Arithmetic,
  side: number,
  rounds: number,
): Promise<LayerClass[]> {
  const network = compile(files);
  const canTime = adapter.features.has('timestamp-query');
  const ms = canTime ? await timeLayers(adapter, files, arithmetic, side, rounds) : undefined;
  const classes = new Map<string, LayerClass>();
  network.layers.forEach((layer, i) => {
    const name = describe(layer);
    const { gflop, megabytes } = workOf(layer, arithmetic === 'f16' ? 2 : 4);
    const before = classes.get(name) ?? { name, count: 0, gflop: 0, megabytes: 0, ms: canTime ? 0 : undefined };
    classes.set(name, {
      name,
      count: before.count + 1,
      gflop: before.gflop + gflop,
      megabytes: before.megabytes + megabytes,
      ms: before.ms === undefined ? undefined : before.ms + (ms?.[i] ?? Number.NaN) / ((side * side) / 1e6),
    });
  });
  return [...classes.values()];
}

/** ms of each layer, medians. */
async function timeLayers(
  adapter: GPUAdapter,
  files: ModelFiles,
  arithmetic: Arithmetic,
  side: number,
  rounds: number,
): Promise<number[]> {
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const device = await adapter.requestDevice({
    requiredFeatures: ['timestamp-query', ...(arithmetic === 'f16' ? (['shader-f16'] as const) : [])],
    requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
  });
  const program = await buildProgram(device, compile(files), { arithmetic, rows: rowsFor(adapter.info.vendor) });
  const { dispatches } = createTile(device, program, side, side);
  const count = dispatches.length * 2;
  const querySet = device.createQuerySet({ type: 'timestamp', count });
  const size = count * BigUint64Array.BYTES_PER_ELEMENT;
  const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const resolved = device.createBuffer({ size, usage: QUERY_RESOLVE | COPY_SRC });
  const readable = device.createBuffer({ size, usage: MAP_READ | COPY_DST });
  const times: number[][] = dispatches.map(() => []);
  // the first warms up
  for (let round = 0; round <= rounds; round++) {
    const encoder = device.createCommandEncoder();
    dispatches.forEach(({ step, bindings, workgroups }, i) => {
      const timestampWrites = { querySet, beginningOfPassWriteIndex: 2 * i, endOfPassWriteIndex: 2 * i + 1 };
      const pass = encoder.beginComputePass({ timestampWrites });
      pass.setPipeline(step.pipeline);
      pass.setBindGroup(0, bindings);
      pass.dispatchWorkgroups(...workgroups);
      pass.end();
    });
    encoder.resolveQuerySet(querySet, 0, count, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, readable, 0, size);
    device.queue.submit([encoder.finish()]);
    await readable.mapAsync(GPUMapMode.READ);
    const stamps = new BigUint64Array(readable.getMappedRange());
    if (round > 0) times.forEach((of, i) => of.push(Number((stamps[2 * i + 1] ?? 0n) - (stamps[2 * i] ?? 0n)) / 1e6));
    readable.unmap();
  }
  device.destroy();
  return times.map(median);
}
