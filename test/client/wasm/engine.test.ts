import type { Worker } from 'node:worker_threads';
import { afterEach, expect, test, vi } from 'vitest';
import { startThread } from '../../../cli/threads.ts';
import { compile } from '../../../client/engine/layers/compile.ts';
import type { Layer, Network } from '../../../client/engine/layers/network.ts';
import { openKernels, workersFor, workersIn } from '../../../client/engine/wasm/engine.ts';
import { PATIENCE, type TileComputer } from '../../../client/engine/wasm/pool.ts';
import type { Opening } from '../../../client/engine/wasm/serve-tiles.ts';
import type { TileEngine } from '../../../models/engine.ts';
import { fastName, goldenOf, loadNetwork, networkNames } from '../../models/published.ts';
import { randomImage } from '../layers/graphs.ts';
import { cases } from './cases.ts';

const { files } = cases[3] as (typeof cases)[number];
const nothing = async () => [];
const threads: Worker[] = [];
const ended: Worker[] = [];

async function start(opening: Opening): Promise<TileComputer> {
  const { thread, computer } = await startThread(opening, new URL('./node-worker.ts', import.meta.url));
  threads.push(thread);
  thread.on('exit', () => ended.push(thread));
  return computer;
}

const run = (engine: TileEngine, height: number, width: number, seed = 1) =>
  engine.run(randomImage(height, width, 4, seed), height, width);

const openWithCores = (cores: number, starting: typeof start = start) => {
  vi.stubGlobal('navigator', { hardwareConcurrency: cores });
  return openKernels(files, nothing, starting);
};

afterEach(async () => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
  await Promise.all(threads.splice(0).map((thread) => thread.terminate()));
  ended.length = 0;
});

test('a core is left to the page where there are more than two, and there are limits', () => {
  expect([1, 2, 3, 4, 8, 64].map(workersFor)).toEqual([1, 2, 2, 3, 7, 8]);
});

test('large networks get fewer workers: each has its own copy of the weights', () => {
  const network = compile(files);
  const [layer] = network.layers as [Layer];
  // 3x3, 384 to 384 channels, four times: 85 MB as the kernels multiply them
  const large: Layer = { ...layer, kernel: 3, unshuffle: 1, inputChannels: 384, outputChannels: 384, shuffle: 1 };
  const times = (count: number): Network => ({ ...network, layers: Array.from({ length: count }, () => large) });
  expect([network, times(4), times(12), times(100)].map(workersIn)).toEqual([11, 5, 2, 1]);
});

test('windows at a time give what they give one after the other; no more workers than windows', async () => {
  const engine = await openWithCores(4);
  expect(engine.inFlight).toBe(3);
  const alone = [await run(engine, 8, 8, 1), await run(engine, 64, 8, 2)];
  expect(threads).toHaveLength(1);
  const together = await Promise.all([run(engine, 8, 8, 1), run(engine, 64, 8, 2)]);
  expect(together).toEqual(alone);
  expect(threads).toHaveLength(2);
  // more than may run at a time wait
  const many = await Promise.all([1, 1, 1, 1, 1, 1].map((seed) => run(engine, 8, 8, seed)));
  expect(many).toEqual(many.map(() => alone[0]));
  expect(threads).toHaveLength(3);
  engine.dispose();
  await expect.poll(() => ended.length).toBe(3);
  await expect(run(engine, 8, 8)).rejects.toThrow('disposed');
});

test('after a while without tiles one worker is left', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const engine = await openWithCores(4);
  const [first] = await Promise.all([1, 2, 3].map((seed) => run(engine, 8, 8, seed)));
  expect(threads).toHaveLength(3);
  vi.advanceTimersByTime(PATIENCE);
  vi.useRealTimers();
  await expect.poll(() => ended.length).toBe(2);
  expect(await run(engine, 8, 8, 1)).toEqual(first);
  expect(threads).toHaveLength(3);
  engine.dispose();
});

test('a worker that dies fails its window and no other; the next window gets a new one', async () => {
  const engine = await openWithCores(2);
  const right = await run(engine, 8, 8);
  const pending = [run(engine, 8, 8), run(engine, 8, 8)];
  // after its first window; whether it gets the third one before is a matter of luck
  threads[0]?.postMessage('die');
  const third = run(engine, 8, 8);
  const settled = await Promise.allSettled([...pending, third]);
  for (const outcome of settled) {
    if (outcome.status === 'fulfilled') expect(outcome.value).toEqual(right);
    else
      expect(outcome.reason).toMatchObject({ code: 'engine-failed', received: expect.stringContaining('out of luck') });
  }
  await expect.poll(() => ended.length).toBe(1);
  await expect(run(engine, 8, 8)).resolves.toEqual(right);
  engine.dispose();
});

test('a window that no memory holds fails with words; the worker goes, with what it held', async () => {
  const engine = await openWithCores(1, async (opening) => {
    const computer = await start(opening);
    return { run: (input) => computer.run(input, 2 ** 15, 2 ** 15), close: computer.close, closed: false };
  });
  await expect(run(engine, 8, 8)).rejects.toMatchObject({
    code: 'engine-failed',
    received: expect.stringContaining('memory'),
    remedy: expect.stringContaining('Smaller tiles'),
  });
  await expect.poll(() => ended.length).toBe(1);
  engine.dispose();
});

test('where no worker starts, the windows are computed on this thread, one at a time', async () => {
  const refused = async () => Promise.reject(new Error('worker-src'));
  const engine = await openWithCores(8, refused);
  expect(engine.inFlight).toBe(1);
  const workers = await openWithCores(8);
  expect(await run(engine, 16, 8)).toEqual(await run(workers, 16, 8));
  workers.dispose();
});

test('where no second worker starts, the first does all', async () => {
  let started = 0;
  const engine = await openWithCores(8, (opening) =>
    started++ === 0 ? start(opening) : Promise.reject(new Error('no memory')),
  );
  const [first, second] = await Promise.all([run(engine, 8, 8), run(engine, 8, 8)]);
  expect(second).toEqual(first);
  expect(started).toBe(2);
  engine.dispose();
});

test('golden windows that come out otherwise close the engine, its workers with it', async () => {
  const network = await loadNetwork(fastName, 'q8');
  const [window] = goldenOf(fastName).map(({ output, ...rest }) => ({ ...rest, output: output.q8 }));
  if (!window) throw new Error('no golden window');
  const engine = await openKernels(network, async () => [window], start);
  engine.dispose();
  const wrong = { ...window, output: window.output.map((value) => value + 0.1) };
  await expect(openKernels(network, async () => [wrong], start)).rejects.toMatchObject({
    code: 'engine-unavailable',
    expected: expect.stringContaining('golden'),
  });
  await expect.poll(() => ended.length).toBe(2);
});

test('other graphs are refused before a worker starts; windows that do not fit, before they are sent', async () => {
  const name = networkNames.find((name) => name.startsWith('conv-mnist@')) as string;
  const other = await loadNetwork(name, 'q8');
  await expect(openKernels(other, nothing, start)).rejects.toMatchObject({ code: 'engine-unavailable' });
  expect(threads).toHaveLength(0);
  const engine = await openWithCores(1);
  await expect(engine.run(new Float32Array(10), 8, 8)).rejects.toMatchObject({ code: 'bad-request' });
  await expect(run(engine, 7, 8)).rejects.toMatchObject({ code: 'bad-request' });
  engine.dispose();
});
