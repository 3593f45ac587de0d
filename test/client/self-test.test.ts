import { expect, test } from 'vitest';
import { largestDifference, SELF_TEST_TOLERANCE, selfTest } from '../../client/engine/self-test.ts';
import type { TileEngine } from '../../models/engine.ts';

const golden = { height: 1, width: 2, input: new Float32Array(8), output: Float32Array.of(0, 0.2, 0.4, 0.6, 0.8, 1) };

/** Off by so much in its first, second … run. */
function engine(...errors: number[]): TileEngine & { runs: number } {
  return {
    name: 'test',
    runs: 0,
    async run() {
      const error = errors[this.runs++] ?? 0;
      return golden.output.map((value, i) => (i === 3 ? value + error : value));
    },
    dispose() {},
  };
}

test('an engine within the tolerance passes, after two runs of every window', async () => {
  const close = engine(SELF_TEST_TOLERANCE * 0.9, -SELF_TEST_TOLERANCE * 0.9);
  await selfTest(close, [golden, golden]);
  expect(close.runs).toBe(4);
});

test.each([
  ['first', engine(SELF_TEST_TOLERANCE * 1.1)],
  ['second', engine(0, SELF_TEST_TOLERANCE * 1.1)],
  ['NaN in the second', engine(0, Number.NaN)],
])('one that is wrong in the %s run fails', async (_, wrong) => {
  await expect(selfTest(wrong, [golden])).rejects.toMatchObject({ code: 'engine-unavailable' });
});

test('outputs of another size differ without bound', () => {
  expect(largestDifference(new Float32Array(5), new Float32Array(6))).toBe(Number.POSITIVE_INFINITY);
});
