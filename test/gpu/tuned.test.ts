import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { GpuEngine } from '../../client/engine/watch-device.ts';
import type { Known } from '../../client/engine/wgsl/choices.ts';
import type { Build } from '../../client/engine/wgsl/kernel.ts';
import { openTunedWgsl } from '../../client/engine/wgsl/tuned.ts';
import type { Host } from '../../client/engine/wgsl/tuned-engine.ts';
import type { GoldenCase } from '../../client/golden.ts';
import { planTiles, type Rectangle } from '../../models/tiles.ts';
import { randomImage } from '../client/layers/graphs.ts';
import { type Watched, watchedAdapter } from './device.ts';
import { disguise, goldenBy, nineBlocks, rewriteKernels } from './networks.ts';

const files = nineBlocks();
let golden: GoldenCase[];
beforeAll(async () => {
  golden = await goldenBy(files);
});

const opened: GpuEngine[] = [];
afterEach(() => {
  for (const engine of opened.splice(0)) engine.dispose();
});

const STANDARD: Build = { arithmetic: 'f32', rows: 8, group: 8 };
const OTHER: Build = { arithmetic: 'f32', rows: 4, group: 8 };

interface Surroundings {
  /** What is remembered, of whatever is asked for. */
  readonly known?: Known;
  /** What is measured as the fastest. */
  readonly fastest?: Build | Error;
  readonly vendor?: string;
  readonly rewrite?: (code: string) => string;
}

/** Opens the engine on SwiftShader in disguise. */
async function open({ known, fastest = STANDARD, vendor = 'nvidia', rewrite = (code) => code }: Surroundings) {
  const adapters: Watched[] = [];
  const rowsOf: number[] = [];
  const findAdapter = async () => {
    const watched = await watchedAdapter();
    if (vendor !== 'google') disguise(watched.adapter, vendor);
    rewriteKernels(watched.adapter, (code) => {
      const [, rows] = /ROWS = (\d)u;/.exec(code) ?? [];
      if (rows) rowsOf.push(Number(rows));
      return rewrite(code);
    });
    adapters.push(watched);
    return watched.adapter;
  };
  const rows = new Map<string, Known>();
  const keys = new Set<string>();
  const tune = vi.fn(async (): Promise<Build> => {
    if (fastest instanceof Error) throw fastest;
    return fastest;
  });
  const host = {
    findAdapter,
    choices: {
      async recall(key) {
        keys.add(key);
        // a rate, so that no window is run to find one
        return rows.get(key) ?? known ?? { rate: 100, tries: 0 };
      },
      async keep(key, row) {
        rows.set(key, row);
      },
    },
    loadTune: async () => tune,
  } satisfies Host;
  const engine = await openTunedWgsl(await findAdapter(), files, golden, host);
  opened.push(engine);
  const kept = () => [...rows.values()][0];
  return { engine, tune, adapters, kept, keys, rowsNow: () => rowsOf.at(-1) };
}

const run = (engine: GpuEngine) => engine.run(randomImage(16, 8, 4, 2), 16, 8);
const settled = (check: () => void) => vi.waitFor(check, { timeout: 5000, interval: 50 });

test('nothing remembered: the first picture has the default, the next ones what was measured as faster', async () => {
  const { engine, tune, adapters, kept, rowsNow } = await open({ fastest: OTHER });
  expect(rowsNow()).toBe(8);
  const first = await run(engine);
  expect(tune).not.toHaveBeenCalled();
  expect(kept()).toBeUndefined();
  // the old device is given back once the new one has taken its place
  await settled(async () => expect(await adapters[0]?.devices[0]?.lost).toMatchObject({ reason: 'destroyed' }));
  expect(rowsNow()).toBe(4);
  expect(kept()).toEqual({ build: OTHER, rate: 100, tries: 0 });
  const second = await run(engine);
  expect(second.every((value, i) => Math.abs(value - (first[i] as number)) < 1e-5)).toBe(true);
  expect(tune).toHaveBeenCalledTimes(1);
  engine.dispose();
  expect(adapters.flatMap(({ buffers }) => [...buffers])).toEqual([]);
});

test('a picture that is not done is not disturbed', async () => {
  const { engine, tune } = await open({});
  const noisy = { data: new Uint8Array(16 * 16 * 3), width: 16, height: 16, channels: 3, scale: 1 / 255 } as const;
  const plan = planTiles(16, 16, { halo: 0, sizeMultiple: 2 }, { maxTilePixels: 256 });
  const picture = await engine.takePicture?.({ noisy, plan, channels: [0, 1, 2], sigma: 25 });
  expect(await picture?.run(plan.tiles[0] as Rectangle, new Int16Array(noisy.data.length))).toBe(true);
  // longer than what counts as quiet
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(tune).not.toHaveBeenCalled();
  picture?.release();
  await settled(() => expect(tune).toHaveBeenCalledTimes(1));
});

test('remembered: opened with it, and nothing is measured again', async () => {
  const { engine, tune, adapters, kept, rowsNow } = await open({ known: { build: OTHER, rate: 50, tries: 0 } });
  expect(rowsNow()).toBe(4);
  await run(engine);
  await settled(() => expect(kept()).toEqual({ build: OTHER, rate: 50, tries: 0 }));
  expect(tune).not.toHaveBeenCalled();
  expect(adapters).toHaveLength(1);
});

const wrong = (code: string) => (code.includes('ROWS = 4u') ? code.replace('sum + x.x * w0', 'sum + x.y * w0') : code);
const nonsense = (code: string) => (code.includes('ROWS = 4u') ? `${code} nonsense` : code);

test.each([
  ['computes wrongly', OTHER, wrong],
  ['does not compile', OTHER, nonsense],
  // SwiftShader has no float16
  ['gets no device', { ...STANDARD, arithmetic: 'f16' } as const, undefined],
])('remembered kernels of which one %s are forgotten, and the default runs', async (_, build, rewrite) => {
  const { engine, kept, rowsNow } = await open({
    known: { build, rate: 50, tries: 0 },
    ...(rewrite && { rewrite }),
  });
  expect(kept()).toEqual({ build: STANDARD, rate: 50, tries: 0 });
  expect(rowsNow()).toBe(8);
  await expect(run(engine)).resolves.toHaveLength(16 * 8 * 3);
});

test('a faster one that fails when it is opened changes nothing', async () => {
  const { engine, kept } = await open({ fastest: OTHER, rewrite: wrong });
  await run(engine);
  await settled(() => expect(kept()).toMatchObject({ build: STANDARD }));
  await expect(run(engine)).resolves.toHaveLength(16 * 8 * 3);
});

test('measuring that fails is tried again another day, three times in all', async () => {
  const { engine, kept } = await open({ fastest: new Error('lost') });
  await run(engine);
  await settled(() => expect(kept()).toEqual({ rate: 100, tries: 1 }));
  await expect(run(engine)).resolves.toHaveLength(16 * 8 * 3);
  const later = await open({ known: { rate: 100, tries: 3 } });
  await run(later.engine);
  await settled(() => expect(later.kept()).toEqual({ rate: 100, tries: 3 }));
  expect(later.tune).not.toHaveBeenCalled();
});

test('a device that is lost with chosen kernels is not risked again', async () => {
  const { engine, adapters, kept } = await open({ known: { build: OTHER, rate: 50, tries: 0 } });
  adapters[0]?.devices[0]?.destroy();
  await expect(run(engine)).rejects.toMatchObject({ code: 'engine-failed' });
  expect(engine.lost).toBe(true);
  expect(kept()).toMatchObject({ build: STANDARD });
});

test('an emulated GPU asks nothing and measures nothing', async () => {
  const { engine, tune, keys } = await open({ vendor: 'google', fastest: OTHER });
  await run(engine);
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(tune).not.toHaveBeenCalled();
  expect([...keys]).toEqual([]);
});
