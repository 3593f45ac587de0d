import {
  add,
  advance,
  type Code,
  FunctionBuilder,
  fused,
  lanesOf,
  load,
  loadSplat,
  multiply,
  repeat,
  store,
} from '../assembler.ts';

/**
 * Rows of the product that stay in registers: with eight columns ten sums, two weights, a value and a product. x64 has
 * sixteen registers, V8 keeps one; a sixth row takes plain SIMD's time up by 40 %.
 */
export const ROWS = 5;
export const COLUMNS = 8;

/** bytes: rows of four values side by side, as they are read for four steps. */
export const GROUP_BYTES = ROWS * 16;

/**
 * Products of matrices, one after the other: `sums` [matrix, group, row, COLUMNS] of `values` [matrix, group, block, row,
 * 4] and `weights` [matrix, block, 4, COLUMNS]. `valuesGap` and `sumsGap` are the bytes between one matrix and the next,
 * so that equal places of them don't fall on each other in the cache.
 */
export function multiplyKernel(isFused: boolean) {
  const kernel = new FunctionBuilder('multiply', [
    ...(['values', 'weights', 'sums', 'matrices', 'groups', 'blocks', 'valuesGap', 'sumsGap'] as const),
  ]);
  const { values, weights, sums, matrices, groups, blocks, valuesGap, sumsGap } = kernel.parameters;
  const [group, block, weight] = [kernel.integer(), kernel.integer(), kernel.integer()];
  const accumulators = Array.from({ length: ROWS }, () => [kernel.lanes(), kernel.lanes()] as const);
  const [value, left, right] = [kernel.lanes(), kernel.lanes(), kernel.lanes()];
  const accumulate = (a: Code, b: Code, sum: Code) => (isFused ? fused(a, b, sum) : add(sum, multiply(a, b)));
  const steps = [0, 1, 2, 3].flatMap((step) => [
    left.set(load(weight.get, step * COLUMNS * 4)),
    right.set(load(weight.get, step * COLUMNS * 4 + 16)),
    ...accumulators.flatMap(([first, second], row) => [
      value.set(loadSplat(values.get, row * 16 + step * 4)),
      first.set(accumulate(value.get, left.get, first.get)),
      second.set(accumulate(value.get, right.get, second.get)),
    ]),
  ]);
  kernel.write(
    repeat(
      matrices,
      group.set(groups.get),
      repeat(
        group,
        weight.set(weights.get),
        block.set(blocks.get),
        ...accumulators.flat().map((sum) => sum.set(lanesOf(0))),
        repeat(block, ...steps, advance(values, GROUP_BYTES), advance(weight, 4 * COLUMNS * 4)),
        ...accumulators.flat().map((sum, i) => store(sums.get, sum.get, i * 16)),
        advance(sums, ROWS * COLUMNS * 4),
      ),
      weights.set(weight.get),
      advance(values, valuesGap.get),
      advance(sums, sumsGap.get),
    ),
  );
  return kernel;
}
