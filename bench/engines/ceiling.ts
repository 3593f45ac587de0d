import type { Arithmetic } from '../../client/engine/wgsl/kernel.ts';
import { median } from '../load/statistics.ts';

/** Chains of multiply-adds that no thread can skip: eight, of four lanes each, so that none waits for another. */
const CHAINS = 8;
const LANES = 4;
const STEPS = 512;
const THREADS = 128;

/** Factors below 1 keep values finite, and come from memory, so that no compiler knows them. */
const probe = (scalar: Arithmetic, steps: number) => `
${scalar === 'f16' ? 'enable f16;' : ''}
alias Lanes = vec4<${scalar}>;
@group(0) @binding(0) var<storage, read_write> values: array<f32>;
@compute @workgroup_size(${THREADS})
fn main(@builtin(global_invocation_id) thread: vec3u) {
  let factor = Lanes(${scalar}(values[thread.x]));
  ${each((i) => `var v${i} = factor + Lanes(${i}.0);`)}
  for (var i = 0u; i < ${steps}u; i++) {
    ${each((i) => `v${i} = v${i} * factor + factor;`)}
  }
  let sum = ${Array.from({ length: CHAINS }, (_, i) => `v${i}`).join(' + ')};
  values[thread.x] = f32(sum.x + sum.y + sum.z + sum.w);
}`;

const each = (line: (i: number) => string) => Array.from({ length: CHAINS }, (_, i) => line(i)).join('\n  ');

/** 1e9 floating point operations per second of multiply-adds in registers: what no kernel can pass. */
export async function arithmeticCeiling(adapter: GPUAdapter, arithmetic: Arithmetic, rounds: number): Promise<number> {
  const device = await adapter.requestDevice({ requiredFeatures: arithmetic === 'f16' ? ['shader-f16'] : [] });
  const module = device.createShaderModule({ code: probe(arithmetic, STEPS) });
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
  let groups = 64;
  let ms: number[] = [];
  // more work, until a run takes long enough that its start does not count
  while (groups < 32_768) {
    ms = await timeRuns(device, pipeline, groups, rounds);
    if (median(ms) > 20) break;
    groups *= 2;
  }
  device.destroy();
  return (2 * groups * THREADS * CHAINS * LANES * STEPS) / (Math.min(...ms) * 1e6);
}

/** Far more than caches hold; half of it is read, half written. */
const COPIED = 2 ** 27;
const CELL = 16;

const COPY = `
@group(0) @binding(0) var<storage, read> read_from: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> write_to: array<vec4f>;
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) i: u32) {
  let cell = (group.y * groups.x + group.x) * ${THREADS} + i;
  write_to[cell] = read_from[cell];
}`;

/** 1e9 bytes per second, read and written, of a copy from one buffer to another. */
export async function memoryCeiling(adapter: GPUAdapter, rounds: number): Promise<number> {
  const device = await adapter.requestDevice();
  const module = device.createShaderModule({ code: COPY });
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
  const [source, target] = [0, 1].map(() => device.createBuffer({ size: COPIED / 2, usage: GPUBufferUsage.STORAGE }));
  const bindings = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [source, target].map((buffer, binding) => ({ binding, resource: { buffer: buffer as GPUBuffer } })),
  });
  const groups = COPIED / 2 / CELL / THREADS;
  // several copies a run, so that its start does not count
  const copies = 8;
  const ms = await timePasses(device, pipeline, bindings, [groups / 64, 64, copies], rounds);
  device.destroy();
  return (COPIED * copies) / (Math.min(...ms) * 1e6);
}

async function timeRuns(device: GPUDevice, pipeline: GPUComputePipeline, groups: number, rounds: number) {
  const size = groups * THREADS * Float32Array.BYTES_PER_ELEMENT;
  const buffer = device.createBuffer({ size, usage: GPUBufferUsage.STORAGE, mappedAtCreation: true });
  new Float32Array(buffer.getMappedRange()).fill(0.5);
  buffer.unmap();
  const bindings = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer } }],
  });
  const ms = await timePasses(device, pipeline, bindings, [groups], rounds);
  buffer.destroy();
  return ms;
}

/** ms of each round but the first. */
async function timePasses(
  device: GPUDevice,
  pipeline: GPUComputePipeline,
  bindings: GPUBindGroup,
  groups: readonly [x: number, y?: number, z?: number],
  rounds: number,
): Promise<number[]> {
  const ms: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindings);
    pass.dispatchWorkgroups(...groups);
    pass.end();
    const started = performance.now();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    if (round > 0) ms.push(performance.now() - started);
  }
  return ms;
}
