import { expect, test } from 'vitest';
import { BUDGET, race } from '../../../client/engine/wgsl/race.ts';

/** ms of each arm's runs, one after the other; the last for ever. Undefined is a failure. */
type Times = Record<string, readonly (number | undefined)[]>;

/** `cost` ms that a measurement takes. */
async function winner(times: Times, cost = 10) {
  const measured: string[] = [];
  const count = (arm: string) => measured.filter((name) => name === arm).length;
  let spent = 0;
  const measure = async (arm: string) => {
    const of = times[arm] as readonly (number | undefined)[];
    const ms = of[Math.min(count(arm), of.length - 1)];
    measured.push(arm);
    spent += cost;
    if (ms === undefined) throw new Error('it fails');
    return ms;
  };
  const [first = '', ...others] = Object.keys(times);
  return { winner: await race([first, ...others], measure, () => spent), measured, count, spent };
}

test('a faster one wins by more than a tenth', async () => {
  expect((await winner({ standard: [10], other: [8.9] })).winner).toBe('other');
  expect((await winner({ standard: [10], other: [9.1] })).winner).toBe('standard');
  expect((await winner({ standard: [10], other: [8.9], third: [7] })).winner).toBe('third');
});

test('they are measured in turns, and medians count', async () => {
  const { winner: fastest, measured } = await winner({ standard: [10], other: [1, 11, 11, 1, 11] });
  expect(fastest).toBe('standard');
  expect(measured.slice(0, 4)).toEqual(['standard', 'other', 'standard', 'other']);
});

test('what is far slower is measured once; the default always', async () => {
  const { count } = await winner({ standard: [30], slow: [40], fast: [10] });
  expect([count('standard'), count('slow'), count('fast')]).toEqual([5, 1, 5]);
});

test('one that fails is out, however fast it was before', async () => {
  expect((await winner({ standard: [10], broken: [1, 1, 1, undefined] })).winner).toBe('standard');
  expect((await winner({ standard: [10], broken: [undefined], right: [5] })).winner).toBe('right');
});

test('without the default there is no result', async () => {
  await expect(winner({ standard: [10, undefined], other: [5] })).rejects.toThrow('it fails');
});

test('it ends in time, and what was measured too seldom does not win', async () => {
  const few = await winner({ standard: [10], other: [5] }, BUDGET / 5);
  expect(few).toMatchObject({ winner: 'standard', spent: 4 * (BUDGET / 5) });
  const enough = await winner({ standard: [10], other: [5] }, BUDGET / 6);
  expect(enough.winner).toBe('other');
  expect(enough.spent).toBeLessThanOrEqual(BUDGET);
});
