import { describe, expect, test, vi } from 'vitest';
import { Clock } from '../../cli/evaluation/clock.ts';
import { drawnData } from '../../cli/evaluation/drawn.ts';
import { jobMaker } from '../../cli/evaluation/jobs.ts';
import { type Cell, type Measurements, withCell, withSpeed } from '../../cli/evaluation/measurements.ts';
import { type Plan, run } from '../../cli/evaluation/run.ts';
import { GRID, type Task } from '../../cli/evaluation/tasks.ts';
import type { ModelCard } from '../../models/card.ts';
import { cardWith, filterCard } from '../models/pictures.ts';
import { mirror } from './evaluate-cells.ts';

vi.spyOn(process.stderr, 'write').mockReturnValue(true);

const wanted: Plan['wanted'] = {
  sets: ['drawn'],
  parts: ['white'],
  sigmas: [15, 25],
  columns: ['float'],
  precisions: ['f16'],
  auto: false,
};

/** A plan whose results are kept, and the engines that it opened. */
function planFor(cards: readonly ModelCard[], changes: Partial<Plan> = {}) {
  const engines: ReturnType<typeof mirror>[] = [];
  let stored: Measurements = changes.known ?? {};
  const plan: Plan = {
    cards,
    data: drawnData(),
    wanted,
    limit: 1,
    known: {},
    speeds: false,
    open: async (card) => {
      const engine = mirror();
      engines.push(engine);
      return { card, engine };
    },
    onCell: async (card, cell) => {
      stored = withCell(stored, card, cell);
    },
    onSpeed: async (card, speed) => {
      stored = withSpeed(stored, card, speed);
    },
    ...changes,
  };
  return { plan, engines, stored: () => stored };
}

const levels = (cells: readonly Cell[] | undefined) => cells?.map(({ level }) => level);

describe('a run', () => {
  test('measures what was asked for, of whichever models take it', async () => {
    const fixed = cardWith({ id: 'fixed', size: { width: 28, height: 28 } });
    const { plan, stored, engines } = planFor([filterCard(), fixed, cardWith({})]);
    const outcomes = await run(plan);
    expect(outcomes.map(({ card, cells }) => [card.id, cells.length])).toEqual([
      ['sieve', 2],
      ['fixed', 0],
      ['fast', 2],
    ]);
    expect(Object.keys(stored()).sort()).toEqual(['fast', 'sieve']);
    expect(stored().sieve?.cells[0]).toMatchObject({ set: 'drawn', images: 1, precision: undefined });
    expect(engines.map(({ disposed }) => disposed)).toEqual([1, 1]);
  });

  test('goes on where the last one ended', async () => {
    const first = planFor([cardWith({})], { wanted: { ...wanted, sigmas: [15] } });
    await run(first.plan);
    const second = planFor([cardWith({})], { known: first.stored() });
    const [outcome] = await run(second.plan);
    expect(levels(outcome?.cells)).toEqual([15, 25]);
    expect(second.engines.flatMap(({ depths }) => depths).length).toBe(1);
    const third = planFor([cardWith({})], { known: second.stored() });
    await run(third.plan);
    expect(third.engines).toEqual([]);
  });

  test('starts anew with a new version', async () => {
    const first = planFor([cardWith({})]);
    await run(first.plan);
    const second = planFor([cardWith({ version: '9.0.0' })], { known: first.stored() });
    await run(second.plan);
    expect(second.engines.flatMap(({ depths }) => depths).length).toBe(2);
    expect(second.stored().fast).toMatchObject({ version: '9.0.0', cells: [{ level: 15 }, { level: 25 }] });
  });

  test('keeps what was measured before a model failed, and goes on with the next', async () => {
    const { plan, stored } = planFor([cardWith({ id: 'broken' }), cardWith({})]);
    const outcomes = await run({
      ...plan,
      async open(card, precision) {
        const { engine } = await plan.open(card, precision);
        let runs = 0;
        const fragile = async () => ({
          ...(await engine.open()),
          run: async (input: Float32Array, height: number, width: number) => {
            if (card.id === 'broken' && ++runs > 1) throw new Error('the disk is full');
            return await (await engine.open()).run(input, height, width);
          },
        });
        return { card, engine: { ...engine, open: fragile } };
      },
    });
    expect(outcomes[0]?.failure).toMatch('the disk is full');
    expect(levels(outcomes[0]?.cells)).toEqual([15]);
    expect(levels(stored().broken?.cells)).toEqual([15]);
    expect(outcomes[1]).toMatchObject({ failure: undefined, cells: [{ level: 15 }, { level: 25 }] });
  });

  test('takes the time of models whose speed is not known', async () => {
    const { plan, stored, engines } = planFor([cardWith({})], { speeds: true });
    await run(plan);
    expect(stored().fast?.speed?.millisecondsPerMegapixel).toBeGreaterThan(0);
    const again = planFor([cardWith({})], { speeds: true, known: stored() });
    await run(again.plan);
    expect(again.engines).toEqual([]);
    // two cells, and four runs for the speed
    expect(engines[0]?.depths.length).toBe(6);
  });
});

test('the time left goes by the work that is done, where there is no bar to show it', () => {
  const lines: string[] = [];
  const clock = new Clock(40, { write: (text) => lines.push(text) });
  clock.say('before');
  vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 60_000);
  clock.add(30, 'a.png');
  clock.say('most');
  clock.add(10, 'b.png');
  clock.say('all');
  vi.restoreAllMocks();
  expect(lines).toEqual(['before\n', 'most; 20 s left\n', 'all\n']);
});

test('with a bar, lines do not tell the time left as well', () => {
  const lines: string[] = [];
  const clock = new Clock(40, { isTTY: true, columns: 80, write: (text) => lines.push(text) });
  clock.add(30, 'a.png');
  expect(lines.at(-1)).toMatch(/75\/100 % {2}.* left {2}a\.png/);
  clock.say('most');
  expect(lines.at(-1)).toBe('most\n');
});

test('what a job takes goes by its pixels, its runs and the speed of the model', async () => {
  const toJob = jobMaker(drawnData(), 2);
  const task: Task = { set: 'drawn', noise: 'white', level: 25, column: 'float', told: 'known', precision: 'f16' };
  const speed = { millisecondsPerMegapixel: 9000, machine: '' };
  const expected = async (changes: Partial<Task>) =>
    (await toJob({ ...task, ...changes }, cardWith({}), speed)).expected;
  const megapixels = (2 * 160 * 120) / 1e6;
  expect(await expected({})).toBeCloseTo(megapixels * 10, 6);
  expect(await expected({ told: 'best' })).toBeCloseTo(megapixels * (9 * GRID.length + 1), 6);
});
