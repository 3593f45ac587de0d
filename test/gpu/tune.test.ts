import { beforeAll, expect, test } from 'vitest';
import { compile } from '../../client/engine/layers/compile.ts';
import { gmacsPerPixel } from '../../client/engine/layers/network.ts';
import { buildProgram } from '../../client/engine/wgsl/program.ts';
import { createTile, type Dispatch } from '../../client/engine/wgsl/tile.ts';
import { timeRuns } from '../../client/engine/wgsl/time-runs.ts';
import { type Idleness, tune } from '../../client/engine/wgsl/tune.ts';
import type { GoldenCase } from '../../client/golden.ts';
import { watchedAdapter } from './device.ts';
import { disguise, goldenBy, nineBlocks, rewriteKernels } from './networks.ts';

const files = nineBlocks();
const network = compile(files);
let golden: GoldenCase[];
beforeAll(async () => {
  golden = await goldenBy(files);
});

const idle: Idleness = { wait: async () => {}, turn: 0 };
/** px of the window that is timed on a GPU as slow as RATE. */
const SIDE = 256;
/** 1e9 multiply-accumulates a second. */
const RATE = 3;
/** A window takes 100 ms: two arms are tried. */
const SLOW = (gmacsPerPixel(network) * SIDE ** 2) / 0.1;

/** Workgroups of the first layer say how the kernels are built. */
function armOf(dispatches: readonly Dispatch[]): 'standard' | '4 rows' | '16 blocks' {
  const [, y, z] = dispatches[0]?.workgroups ?? [];
  if (z === 1) return '16 blocks';
  return y === SIDE / 2 / 4 ? '4 rows' : 'standard';
}

interface Surroundings {
  readonly rewrite?: (code: string) => string;
  readonly idleness?: Idleness;
  /** While a tile is timed. */
  readonly meanwhile?: (device: GPUDevice) => void;
  readonly rate?: number;
}

/** Tunes on SwiftShader in disguise, where each arm takes the time that it is said to take. */
async function tuneWith(
  times: Record<ReturnType<typeof armOf>, number>,
  { rewrite = (code) => code, idleness = idle, meanwhile, rate = RATE }: Surroundings = {},
) {
  const watched = await watchedAdapter();
  rewriteKernels(disguise(watched.adapter, 'nvidia'), rewrite);
  const timed: string[] = [];
  const time = async (device: GPUDevice, dispatches: readonly Dispatch[]) => {
    timed.push(armOf(dispatches));
    meanwhile?.(device);
    await device.queue.onSubmittedWorkDone();
    return times[armOf(dispatches)];
  };
  const tuning = tune(watched.adapter, network, golden, rate, idleness, time);
  return { tuning, timed, ...watched };
}

test('the fastest is chosen, and its device given back', async () => {
  const { tuning, devices, buffers } = await tuneWith({ standard: 10, '4 rows': 9.5, '16 blocks': 5 });
  expect(await tuning).toEqual({ arithmetic: 'f32', rows: 8, group: 16 });
  expect(devices).toHaveLength(1);
  await expect(devices[0]?.lost).resolves.toMatchObject({ reason: 'destroyed' });
  // the device's end took them along; all others were destroyed one by one
  expect([...buffers].map(({ label }) => label)).toEqual(['weights', 'weights', 'weights']);
});

test('kernels that compute wrongly, and those that do not compile, are not even timed', async () => {
  const spoil = (code: string) => {
    if (code.includes(' GROUP = 9u')) return `${code} nonsense`;
    return code.includes('ROWS = 4u') ? code.replace('sum + x.x * w0', 'sum + x.y * w0') : code;
  };
  const { tuning, timed } = await tuneWith({ standard: 10, '4 rows': 1, '16 blocks': 1 }, { rewrite: spoil });
  expect(await tuning).toEqual({ arithmetic: 'f32', rows: 8, group: 8 });
  expect(timed).toEqual([]);
});

test('kernels that are right in small windows only are out', async () => {
  const spoil = (code: string) =>
    code.replace(
      'sum + x.x * w0',
      code.includes('ROWS = 4u') ? 'sum + x.x * w0 * select(1.0, 0.9, grid.width > 64u)' : '$&',
    );
  const { tuning, timed } = await tuneWith({ standard: 10, '4 rows': 1, '16 blocks': 5 }, { rewrite: spoil });
  expect(await tuning).toMatchObject({ rows: 8, group: 16 });
  expect(timed).not.toContain('4 rows');
});

test('default kernels that compute wrongly end it', async () => {
  const wrong = (code: string) => code.replace('sum + x.x * w0', 'sum + x.y * w0');
  const { tuning, devices } = await tuneWith(
    { standard: 10, '4 rows': 5, '16 blocks': 1 },
    { rewrite: wrong, rate: SLOW },
  );
  await expect(tuning).rejects.toMatchObject({ code: 'engine-unavailable' });
  await expect(devices[0]?.lost).resolves.toMatchObject({ reason: 'destroyed' });
});

test('a device with float16 that does not come is done without', async () => {
  const { adapter } = await watchedAdapter();
  disguise(adapter, 'nvidia');
  const features = new Set(['shader-f16']);
  Object.defineProperty(adapter, 'features', { value: features });
  // SwiftShader has none, and refuses
  const time = async (_: GPUDevice, dispatches: readonly Dispatch[]) => (armOf(dispatches) === '4 rows' ? 5 : 10);
  expect(await tune(adapter, network, golden, RATE, idle, time)).toEqual({ arithmetic: 'f32', rows: 4, group: 8 });
});

test('work that the GPU refuses is not fast but a failure', async () => {
  const { tuning } = await tuneWith(
    { standard: 10, '4 rows': 5, '16 blocks': 5 },
    {
      meanwhile: (device) => device.createBuffer({ size: 2 ** 40, usage: GPUBufferUsage.UNIFORM }),
      rate: SLOW,
    },
  );
  await expect(tuning).rejects.toMatchObject({ code: 'engine-failed' });
});

test('what is measured while a picture comes in between does not count', async () => {
  let turn = 0;
  const busy = {
    wait: async () => {},
    get turn() {
      return turn++;
    },
  };
  const { tuning } = await tuneWith({ standard: 10, '4 rows': 1, '16 blocks': 1 }, { idleness: busy, rate: SLOW });
  await expect(tuning).rejects.toThrow('other work');
});

test('on a slow GPU fewer are tried, and on the slowest none', async () => {
  const timed: string[] = [];
  const time = async (_: GPUDevice, dispatches: readonly Dispatch[]) => {
    timed.push(armOf(dispatches));
    return 10;
  };
  const choose = async (rate: number) =>
    tune(disguise((await watchedAdapter()).adapter, 'nvidia'), network, golden, rate, idle, time);
  await choose(SLOW);
  expect(new Set(timed)).toHaveLength(2);
  timed.length = 0;
  // half a second: the default stays
  expect(await choose(SLOW / 5)).toEqual({ arithmetic: 'f32', rows: 8, group: 8 });
  expect(timed).toEqual([]);
});

test.each([true, false])("runs are timed, by the GPU's clock: %s", async (hasClock) => {
  const { adapter, buffers } = await watchedAdapter();
  const device = await adapter.requestDevice({ requiredFeatures: hasClock ? ['timestamp-query'] : [] });
  const program = await buildProgram(device, network, { arithmetic: 'f32', rows: 8 });
  const tile = createTile(device, program, 16, 16);
  const before = buffers.size;
  const ms = await timeRuns(device, tile.dispatches);
  expect(ms).toBeGreaterThan(0);
  expect(Number.isFinite(ms)).toBe(true);
  expect(buffers.size).toBe(before);
  device.destroy();
});
