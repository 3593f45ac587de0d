import type { TileEngine } from '../../models/engine.ts';
import { DegrainError } from '../../models/errors.ts';
import type { GoldenCase } from '../golden.ts';

/** Half a step of 8 bits: what nobody can see. Wrong kernels are off by far more, or by NaN. */
export const SELF_TEST_TOLERANCE = 0.5 / 255;

/** Some GPUs are right on the first run of a shape and wrong on the next (LiteRT #8065). */
const RUNS = 2;

/**
 * Runs the model's golden windows and compares with what PyTorch made of them.
 *
 * @throws DegrainError `engine-unavailable` for an engine whose numbers are wrong.
 */
export async function selfTest(engine: TileEngine, golden: readonly GoldenCase[]): Promise<void> {
  for (const { input, output, height, width } of golden) {
    for (let run = 1; run <= RUNS; run++) {
      const difference = largestDifference(await engine.run(input, height, width), output);
      if (difference <= SELF_TEST_TOLERANCE) continue;
      throw new DegrainError('engine-unavailable', {
        expected: `'${engine.name}' to reproduce the golden ${width} x ${height} window within ${SELF_TEST_TOLERANCE.toFixed(4)}`,
        received: `a difference of ${difference.toPrecision(3)} in run ${run}`,
        remedy: 'This GPU or its driver computes wrongly: another engine is used.',
      });
    }
  }
}

/** Infinity where the sizes differ or a value is no number. */
export function largestDifference(actual: Float32Array, expected: Float32Array): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < actual.length; i++) {
    const difference = Math.abs((actual[i] as number) - (expected[i] as number));
    // written so that NaN, which compares false, is caught
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return largest;
}
