import { describe, expect, test } from 'vitest';
import { runTiles, type TileRunOptions } from '../../models/run-tiles.ts';
import { planTiles } from '../../models/tiles.ts';
import { boxBlur, fakeEngine, identity } from './engines.ts';
import { cardWith, randomFloat } from './pictures.ts';

const card = cardWith({ halo: { exact: 8, measured: 8 }, sizeMultiple: 8 });
const noisy = randomFloat(200, 136, 3);
const blur = boxBlur(4);
const wanted = (await runTiles(noisy, 25, card, [fakeEngine(blur, { maxTilePixels: 2 ** 20 })])).residual;
const broken = (name: string) =>
  fakeEngine(
    () => {
      throw new Error(`${name} is broken`);
    },
    { name },
  );

test('an engine that has turned out slow cuts smaller windows than the plan has, one that is not takes the plan', async () => {
  const plan = planTiles(200, 136, { halo: 8, sizeMultiple: 8 }, { maxTilePixels: 2 ** 20 });
  const windows = async (soonEnough: number | undefined) => {
    const { open, ...source } = fakeEngine(blur, { maxTilePixels: 2 ** 20 });
    const measured = { ...source, open: async () => ({ ...(await open()), maxTilePixels: soonEnough }) };
    const run = await runTiles(noisy, 25, card, [measured], { plan });
    expect(run.residual).toEqual(wanted);
    return run.plan.tile;
  };
  const { width, height } = await windows(100 * 100);
  expect(width * height).toBeLessThanOrEqual(100 * 100);
  expect(await windows(200 * 136)).toEqual(plan.tile);
  expect(await windows(undefined)).toEqual(plan.tile);
});

describe('an engine that fails', () => {
  test('gets smaller and smaller windows, then gives way', async () => {
    const first = broken('first');
    const second = fakeEngine(blur, { name: 'second' });
    const run = await runTiles(noisy, 25, card, [first, second]);
    const pixels = first.calls.map(({ width, height }) => width * height);
    expect(pixels.length).toBe(3);
    expect(pixels[1]).toBeLessThanOrEqual((pixels[0] as number) / 2);
    expect(pixels[2]).toBeLessThanOrEqual((pixels[1] as number) / 2);
    expect(run.engine).toBe('second');
    expect(run.residual).toEqual(wanted);
    expect([first.opened, second.opened]).toEqual([1, 1]);
  });

  test('at windows larger than it can hold finishes on smaller ones, also where the image is far below its limit', async () => {
    const small = fakeEngine(
      (call) => {
        if (call.width * call.height > 104 * 136) throw new Error('out of memory');
        return blur(call);
      },
      { maxTilePixels: 2 ** 22 },
    );
    const run = await runTiles(noisy, 25, card, [small]);
    expect(small.calls[0]).toMatchObject({ width: 200, height: 136 });
    expect(run.residual).toEqual(wanted);
  });

  test('keeps what it finished: neither smaller windows nor the next engine run it again', async () => {
    const arrived = { first: [] as string[], second: [] as string[] };
    const first = fakeEngine((call, number) => {
      if (number > 5) throw new Error('lost');
      return blur(call);
    });
    const second = fakeEngine(blur, { name: 'second' });
    const times = new Uint8Array(200 * 136);
    const run = await runTiles(noisy, 25, card, [first, second], {
      onTile: ({ tile, done, total }) => {
        arrived[first.calls.length > 5 ? 'second' : 'first'].push(`${done}/${total}`);
        for (let y = tile.y; y < tile.y + tile.height; y++) {
          const from = y * 200 + tile.x;
          for (let at = from; at < from + tile.width; at++) times[at] = (times[at] ?? 0) + 1;
        }
      },
    });
    const total = run.plan.tiles.length;
    expect(first.maxTilePixels).toBe(second.maxTilePixels);
    expect(arrived.first).toEqual([1, 2, 3, 4, 5].map((done) => `${done}/${total}`));
    // the same windows again, five of them finished
    expect(arrived.second[0]).toBe(`6/${total}`);
    expect(second.calls.length).toBe(total - 5);
    expect(times.every((count) => count === 1)).toBe(true);
    expect(run.residual).toEqual(wanted);
  });

  test('with numbers that are none gives way at once: it is wrong at any size', async () => {
    const wrong = fakeEngine((call) => blur(call).fill(Number.NaN), { name: 'wrong' });
    const run = await runTiles(noisy, 25, card, [wrong, fakeEngine(blur, { name: 'right' })]);
    expect(wrong.calls.length).toBe(1);
    expect(run.engine).toBe('right');
    expect(run.residual).toEqual(wanted);
  });

  test('with numbers that are none over something finished has that done again', async () => {
    // one window, then none as large, and then nonsense over a part of the first
    const limits = { maxTilePixels: 80 * 64 };
    const wrong = fakeEngine((call, number) => {
      if (number === 2) throw new Error('out of memory');
      return number === 1 ? blur(call) : blur(call).fill(Number.NaN);
    }, limits);
    const run = await runTiles(noisy, 25, card, [wrong, fakeEngine(blur, limits)]);
    expect(wrong.calls.length).toBe(3);
    expect(run.residual).toEqual(wanted);
  });

  test('to open gives way, whether it rejects or throws', async () => {
    const refuse = () => {
      throw new Error('no device');
    };
    const rejects = { ...broken('rejects'), open: async () => refuse() };
    const throws = { ...broken('throws'), open: refuse };
    const run = await runTiles(noisy, 25, card, [rejects, throws, fakeEngine(blur)]);
    expect(run.residual).toEqual(wanted);
  });

  test('as the last one ends in an error that tells every failure', async () => {
    const failing = runTiles(noisy, 25, card, [broken('one'), broken('two')]);
    await expect(failing).rejects.toMatchObject({ code: 'engine-failed', cause: new Error('two is broken') });
    await expect(failing).rejects.toThrow(/one is broken.*two is broken/);
    await expect(runTiles(noisy, 25, card, [])).rejects.toThrow(/no engine to try/);
  });

  test('for want of room for a halo gives way', async () => {
    const tight = fakeEngine(blur, { maxTilePixels: 100 });
    const run = await runTiles(noisy, 25, card, [tight, fakeEngine(blur)]);
    expect(tight.calls.length).toBe(0);
    expect(run.residual).toEqual(wanted);
  });
});

describe('abort', () => {
  const reason = new Error('the visitor left');

  test('stops between tiles, with its reason', async () => {
    const abort = new AbortController();
    const engine = fakeEngine(identity);
    const run = runTiles(noisy, 25, card, [engine, fakeEngine(identity)], {
      signal: abort.signal,
      onTile: ({ done }) => {
        if (done === 2) abort.abort(reason);
      },
    });
    await expect(run).rejects.toBe(reason);
    expect(engine.calls.length).toBe(2);
  });

  test('before the start opens nothing', async () => {
    const engine = fakeEngine(identity);
    await expect(runTiles(noisy, 25, card, [engine], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(engine.opened).toBe(0);
  });

  test('wins over the failure that it causes, also where nothing is left to try', async () => {
    const abort = new AbortController();
    const least = { maxTilePixels: 24 * 24 };
    const engine = fakeEngine(() => {
      abort.abort(reason);
      throw new Error('device destroyed');
    }, least);
    await expect(runTiles(noisy, 25, card, [engine], { signal: abort.signal })).rejects.toBe(reason);
    expect(engine.calls.length).toBe(1);
  });

  test('comes through while a tile is being shown', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(reason), 5);
    const engine = fakeEngine(identity);
    const run = runTiles(noisy, 25, card, [engine], {
      signal: abort.signal,
      onTile: () => new Promise((resolve) => setTimeout(resolve, 20)),
    });
    await expect(run).rejects.toBe(reason);
    expect(engine.calls.length).toBe(1);
  });
});

test('what a callback throws is thrown on, and is not the engine’s fault', async () => {
  const engine = fakeEngine(identity);
  const run = runTiles(noisy, 25, card, [engine], {
    onTile: () => {
      throw new TypeError('a mistake in the page');
    },
  });
  await expect(run).rejects.toThrow(TypeError);
  expect(engine.calls.length).toBe(1);
});

describe('an engine that takes several windows at a time', () => {
  test('has as many under way, never more, whichever comes back first', async () => {
    const engine = fakeEngine(blur, { inFlight: 3 });
    const arrived: number[] = [];
    const run = await runTiles(noisy, 25, card, [engine], { onTile: ({ done }) => void arrived.push(done) });
    expect(engine.together).toBe(3);
    expect(run.residual).toEqual(wanted);
    expect(arrived).toEqual(run.plan.tiles.map((_, i) => i + 1));
  });

  test('and fails with one of them keeps the others, and starts none after it', async () => {
    const lost = fakeEngine(
      (call, number) => {
        if (number >= 4) throw new Error('lost');
        return blur(call);
      },
      { inFlight: 3 },
    );
    const next = fakeEngine(blur);
    const run = await runTiles(noisy, 25, card, [lost, next]);
    expect(next.calls.length).toBe(run.plan.tiles.length - 3);
    expect(run.residual).toEqual(wanted);
  });

  test('has nothing under way once a run is aborted, or a callback threw', async () => {
    let ended = 0;
    const abort = new AbortController();
    const engine = fakeEngine(
      (call) => {
        ended++;
        return identity(call);
      },
      { inFlight: 3 },
    );
    const reason = new Error('the visitor left');
    const aborted = runTiles(noisy, 25, card, [engine], { signal: abort.signal, onTile: () => abort.abort(reason) });
    await expect(aborted).rejects.toBe(reason);
    expect(ended).toBe(engine.calls.length);
    const mistaken = runTiles(noisy, 25, card, [engine], {
      onTile: () => {
        throw new TypeError('a mistake in the page');
      },
    });
    await expect(mistaken).rejects.toThrow(TypeError);
    expect(ended).toBe(engine.calls.length);
  });
});

describe('an engine that takes whole pictures', () => {
  const takes = () => true;
  const inSteps = () => new Int16Array(noisy.data.length);
  const run = (engines: Parameters<typeof runTiles>[3], options: TileRunOptions<Int16Array> = {}) =>
    runTiles(noisy, 25, card, engines, { residual: inSteps(), ...options });
  const wantedSteps = async () => (await run([fakeEngine(blur)])).residual;

  test('is given it where the residual is in steps, once per plan, and gives it back', async () => {
    const engine = fakeEngine(blur, { takes, inFlight: 2 });
    expect((await run([engine])).residual).toEqual(await wantedSteps());
    expect(engine).toMatchObject({ taken: 1, held: 0, together: 2 });
    expect((await runTiles(noisy, 25, card, [engine])).residual).toEqual(wanted);
    expect(engine.taken).toBe(1);
  });

  test('gets windows of one that it does not take, and of colours in a network for grey', async () => {
    const engine = fakeEngine(blur, { takes: () => false });
    expect((await run([engine])).residual).toEqual(await wantedSteps());
    const grey = cardWith({ ...card, channels: { input: 1, output: 1 } });
    const forGrey = fakeEngine(({ input }) => input.filter((_, i) => i % 2 === 0), { takes });
    const { residual } = await runTiles(noisy, 25, grey, [forGrey], { residual: inSteps() });
    expect(residual.every((value) => value === 0)).toBe(true);
    expect(forGrey.calls.length).toBeGreaterThan(0);
    expect(forGrey.taken).toBe(0);
  });

  test('and fails takes it again for smaller windows, then gives way with what it finished', async () => {
    const first = fakeEngine(
      (call, number) => {
        if (number > 4) throw new Error('out of memory');
        return blur(call);
      },
      { takes, inFlight: 2 },
    );
    const second = fakeEngine(blur);
    const { residual, plan } = await run([first, second]);
    expect(residual).toEqual(await wantedSteps());
    expect(first).toMatchObject({ taken: 3, held: 0 });
    expect(second.calls.length).toBe(plan.tiles.length - 4);
  });

  test('and cannot even take it gets smaller windows, then gives way', async () => {
    const takesNone = fakeEngine(blur, {
      takes: () => {
        throw new Error('lost');
      },
    });
    expect((await run([takesNone, fakeEngine(blur)])).residual).toEqual(await wantedSteps());
    expect(takesNone.calls.length).toBe(0);
  });

  test('with numbers that are none gives way at once', async () => {
    const wrong = fakeEngine((call) => blur(call).fill(Number.NaN), { takes, name: 'wrong' });
    const { residual, engine } = await run([wrong, fakeEngine(blur, { name: 'right' })]);
    expect(engine).toBe('right');
    expect(residual).toEqual(await wantedSteps());
    expect(wrong).toMatchObject({ taken: 1, held: 0 });
    expect(wrong.calls.length).toBe(1);
  });

  test('gives it back when a run is aborted or a callback threw, with nothing under way', async () => {
    const abort = new AbortController();
    const reason = new Error('the visitor left');
    const engine = fakeEngine(identity, { takes, inFlight: 2 });
    await expect(run([engine], { signal: abort.signal, onTile: () => abort.abort(reason) })).rejects.toBe(reason);
    expect(engine).toMatchObject({ taken: 1, held: 0, underWay: 0 });
    const onTile = () => {
      throw new TypeError('a mistake in the page');
    };
    await expect(run([engine], { onTile })).rejects.toThrow(TypeError);
    expect(engine).toMatchObject({ taken: 2, held: 0, underWay: 0 });
  });

  test('while a run is aborted runs nothing', async () => {
    const abort = new AbortController();
    const reason = new Error('the visitor left');
    const engine = fakeEngine(identity, {
      takes: () => {
        abort.abort(reason);
        return true;
      },
    });
    await expect(run([engine], { signal: abort.signal })).rejects.toBe(reason);
    expect(engine).toMatchObject({ taken: 1, held: 0 });
    expect(engine.calls.length).toBe(0);
  });
});
