import { expect, test } from 'vitest';
import { create } from 'webgpu';
import { compile } from '../../client/engine/layers/compile.ts';
import { largestDifference, SELF_TEST_TOLERANCE } from '../../client/engine/self-test.ts';
import { armsFor } from '../../client/engine/wgsl/arms.ts';
import { openWgsl } from '../../client/engine/wgsl/engine.ts';
import { buildProgram } from '../../client/engine/wgsl/program.ts';
import { createTile } from '../../client/engine/wgsl/tile.ts';
import { fastName, type Golden, goldenOf, kernelNames, loadNetwork, readNetwork } from '../models/published.ts';
import { watchedAdapter } from './device.ts';

// SwiftShader has no `shader-f16`. Dawn's null backend takes and checks it, but computes nothing; and what the kernels
// would compute can be had in float32 that is rounded to float16 where they round.

// the largest have the same kernels, of more weights
const small = kernelNames.filter((name) => readNetwork(name).parameters < 6e6);

test.each(small)("%s: Dawn's compiler and its checks of buffers accept the float16 kernels", async (name) => {
  const gpu = create(['backend=null']);
  const adapter = (await gpu.requestAdapter()) as GPUAdapter;
  const device = await adapter.requestDevice({ requiredFeatures: ['shader-f16'] });
  const refused: string[] = [];
  device.addEventListener('uncapturederror', ({ error }) => refused.push(error.message));
  const network = compile(await loadNetwork(name, 'q8'));
  for (const build of armsFor('nvidia', true).filter(({ arithmetic }) => arithmetic === 'f16')) {
    const program = await buildProgram(device, network, build);
    const tile = createTile(device, program, 48, 64);
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (const { step, bindings, workgroups } of tile.dispatches) {
      pass.setPipeline(step.pipeline);
      pass.setBindGroup(0, bindings);
      pass.dispatchWorkgroups(...workgroups);
    }
    pass.end();
    device.queue.submit([encoder.finish()]);
  }
  await device.queue.onSubmittedWorkDone();
  expect(refused).toEqual([]);
  device.destroy();
});

/** What f16.wgsl says, in float32: products, their sums of four, and what is stored are rounded. */
function rounding(code: string): string {
  const products = `
    let a = half(half(x.x * w0) + half(x.y * w1));
    return sum + half(half(a + half(x.z * w2)) + half(x.w * w3));`;
  // Veltkamp's: 11 bits of 24 stay. Of what is too small for a normal half, more than a half has; nothing is too large.
  const half = 'fn half(x: vec4f) -> vec4f { let c = x * 8193.0; return c - (c - x); }';
  return (code + half)
    .replace('return sum + x.x * w0 + x.y * w1 + x.z * w2 + x.w * w3;', products)
    .replace('output[index] = Block(value);', 'output[index] = half(value);')
    .replace('return Block(pixel);', 'return half(pixel);');
}

test("fast in float16 stays within the self-test's tolerance of PyTorch", async () => {
  const { adapter } = await watchedAdapter();
  const requestDevice = adapter.requestDevice;
  adapter.requestDevice = async (options) => {
    const device = await requestDevice(options);
    const createShaderModule = device.createShaderModule.bind(device);
    device.createShaderModule = ({ code }) => createShaderModule({ code: rounding(code) });
    return device;
  };
  // these weights are rounded to float16 already
  const engine = await openWgsl(adapter, await loadNetwork(fastName, 'f16'), []);
  const { input, height, width, output } = goldenOf(fastName)[0] as Golden;
  const difference = largestDifference(await engine.run(input, height, width), output.f16);
  expect(difference).toBeLessThan(SELF_TEST_TOLERANCE);
  expect(difference).toBeGreaterThan(1e-5);
  engine.dispose();
});
