import { afterEach, expect, test, vi } from 'vitest';
import { compile } from '../../client/engine/layers/compile.ts';
import type { GpuEngine } from '../../client/engine/watch-device.ts';
import { openWgsl } from '../../client/engine/wgsl/engine.ts';
import { buildProgram } from '../../client/engine/wgsl/program.ts';
import { runWindow } from '../../client/engine/wgsl/run.ts';
import { createTile } from '../../client/engine/wgsl/tile.ts';
import { GraphBuilder, randomImage } from '../client/layers/graphs.ts';
import { loadNetwork, networkNames } from '../models/published.ts';
import { watchedAdapter } from './device.ts';

const opened: GpuEngine[] = [];
afterEach(() => {
  for (const engine of opened.splice(0)) engine.dispose();
});

/** denoised = image[..., 0:3] + 3x3(1x1(image)): two pipelines and one shared buffer. */
function smallNetwork() {
  const graph = new GraphBuilder(4);
  graph.convolution('head', 'image', { kernel: 1, inputs: 4, outputs: 4 });
  graph.convolution('tail', 'head', { kernel: 3, inputs: 4, outputs: 3 });
  graph.slice('colours', 'image', 3);
  graph.sum('denoised', 'colours', 'tail');
  return graph.files(3);
}

async function open(golden: Parameters<typeof openWgsl>[2] = []) {
  const watched = await watchedAdapter();
  const engine = await openWgsl(watched.adapter, smallNetwork(), golden);
  opened.push(engine);
  return { ...watched, engine };
}

const run = (engine: GpuEngine, height: number, width: number, seed = 1) =>
  engine.run(randomImage(height, width, 4, seed), height, width);

test('200 runs of three sizes leave no buffer behind, and dispose none at all', async () => {
  const { engine, buffers } = await open();
  const counts = new Set<number>();
  for (let i = 0; i < 200; i++) {
    const side = 8 * (1 + (Math.floor(i / 5) % 3));
    await run(engine, side, 8);
    counts.add(buffers.size);
  }
  // weights, and for the current size: image, answer, its copy, one that layers share, the grids
  expect([...counts]).toEqual([6]);
  engine.dispose();
  expect(buffers.size).toBe(0);
});

test('runs that overlap each get their own answer', async () => {
  const { engine } = await open();
  const alone = [await run(engine, 8, 8, 1), await run(engine, 16, 8, 2), await run(engine, 8, 8, 3)];
  const together = await Promise.all([run(engine, 8, 8, 1), run(engine, 16, 8, 2), run(engine, 8, 8, 3)]);
  expect(together).toEqual(alone);
});

test('work that would take long is submitted in parts, with the same answer', async () => {
  const { adapter } = await watchedAdapter();
  const device = await adapter.requestDevice();
  const program = await buildProgram(device, compile(smallNetwork()), { arithmetic: 'f32', rows: 8 });
  const tile = createTile(device, program, 24, 40);
  const image = randomImage(24, 40, 4);
  const answer = async (mostGmacs?: number) => {
    const { bytes, release } = await runWindow(device, tile, image, mostGmacs);
    const values = new Float32Array(bytes).slice();
    release();
    return values;
  };
  const whole = await answer();
  const submit = vi.spyOn(device.queue, 'submit');
  expect(await answer(1e-9)).toEqual(whole);
  expect(submit).toHaveBeenCalledTimes(tile.dispatches.length);
  device.destroy();
});

test('a window that the network cannot take is refused, and the next one runs', async () => {
  const { engine } = await open();
  await expect(engine.run(new Float32Array(10), 8, 8)).rejects.toMatchObject({ code: 'bad-request' });
  await expect(run(engine, 8, 8)).resolves.toHaveLength(8 * 8 * 3);
});

test('of runs that overlap two are submitted before the first is read', async () => {
  const { engine, devices } = await open();
  const happened: string[] = [];
  const { queue } = devices[0] as GPUDevice;
  const submit = queue.submit.bind(queue);
  vi.spyOn(queue, 'submit').mockImplementation((commands) => {
    happened.push('submit');
    return submit(commands);
  });
  const runs = Array.from({ length: 4 }, (_, i) => run(engine, 8, 8, i).then(() => happened.push('read')));
  await runs[0];
  expect(happened.slice(0, 3)).toEqual(['submit', 'submit', 'read']);
  await Promise.all(runs);
  expect(happened).toHaveLength(8);
});

test('a device that is lost fails the runs that are under way and all later ones', async () => {
  const { engine, devices } = await open();
  await run(engine, 8, 8);
  expect(engine.lost).toBe(false);
  const pending = [run(engine, 256, 256), run(engine, 256, 256), run(engine, 8, 8)];
  devices[0]?.destroy();
  for (const each of pending) await expect(each).rejects.toMatchObject({ code: 'engine-failed' });
  expect(engine.lost).toBe(true);
  await expect(run(engine, 8, 8)).rejects.toMatchObject({ code: 'engine-failed' });
});

test('a golden window that comes out otherwise closes the engine, its device with it', async () => {
  const input = randomImage(8, 8, 4);
  const watched = await watchedAdapter();
  const golden = [{ height: 8, width: 8, input, output: new Float32Array(8 * 8 * 3) }];
  await expect(openWgsl(watched.adapter, smallNetwork(), golden)).rejects.toMatchObject({
    code: 'engine-unavailable',
    expected: expect.stringContaining('golden'),
  });
  await expect(watched.devices[0]?.lost).resolves.toMatchObject({ reason: 'destroyed' });
});

test('kernels that do not compile close the engine, for good', async () => {
  const { adapter, devices } = await watchedAdapter();
  const requestDevice = adapter.requestDevice;
  adapter.requestDevice = async (options) => {
    const device = await requestDevice(options);
    const createShaderModule = device.createShaderModule.bind(device);
    device.createShaderModule = ({ code }) => createShaderModule({ code: `${code} nonsense` });
    return device;
  };
  await expect(openWgsl(adapter, smallNetwork(), [])).rejects.toMatchObject({ code: 'engine-unavailable' });
  await expect(devices[0]?.lost).resolves.toMatchObject({ reason: 'destroyed' });
});

test('a graph with other operations is refused before a device is asked for', async () => {
  const name = networkNames.find((name) => name.startsWith('conv-mnist@')) as string;
  const { adapter, devices } = await watchedAdapter();
  await expect(openWgsl(adapter, await loadNetwork(name, 'q8'), [])).rejects.toMatchObject({
    code: 'engine-unavailable',
    remedy: expect.stringContaining('another engine'),
  });
  expect(devices).toHaveLength(0);
});
