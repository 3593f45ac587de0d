import {
  add,
  advance,
  atLeast,
  both,
  type Code,
  equal,
  FunctionBuilder,
  integer,
  type Local,
  lanesOf,
  larger,
  load,
  minus,
  multiply,
  plus,
  repeat,
  store,
  subtract,
  times,
  when,
} from '../assembler.ts';
import { COLUMNS, GROUP_BYTES } from './multiply.ts';

// Winograd's F(4x4, 3x3) (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2015): 36 products for
// 16 cells where the definition takes 144. Points 0, 1, -1, 2, -2 and infinity.

/** Cells of the output that a tile has on either side, and of the input that they are made of. */
export const TILE = 4;
export const WINDOW = 6;

const scaled = (factor: number, value: Code) => multiply(value, lanesOf(factor));

interface Transform {
  /** What is computed first, for several outputs. */
  readonly shared: readonly Code[];
  readonly outputs: readonly Code[];
}

/** B^T d */
function inputTransform(inputs: readonly Local[], [even, odd, evenHalf, oddHalf]: FourLocals): Transform {
  const [d0, d1, d2, d3, d4, d5] = codesOf(inputs);
  const shared = [
    even.set(subtract(d4, scaled(4, d2))),
    odd.set(subtract(d3, scaled(4, d1))),
    evenHalf.set(subtract(d4, d2)),
    oddHalf.set(scaled(2, subtract(d3, d1))),
  ];
  return {
    shared,
    outputs: [
      add(subtract(scaled(4, d0), scaled(5, d2)), d4),
      add(even.get, odd.get),
      subtract(even.get, odd.get),
      add(evenHalf.get, oddHalf.get),
      subtract(evenHalf.get, oddHalf.get),
      add(subtract(scaled(4, d1), scaled(5, d3)), d5),
    ],
  };
}

/** A^T m */
function outputTransform(inputs: readonly Local[], temporary: FourLocals): Transform {
  const [m0, m1, m2, m3, m4, m5] = codesOf(inputs);
  const [sum, difference, outerSum, outerDifference] = temporary;
  const shared = [
    sum.set(add(m1, m2)),
    difference.set(subtract(m1, m2)),
    outerSum.set(add(m3, m4)),
    outerDifference.set(subtract(m3, m4)),
  ];
  return {
    shared,
    outputs: [
      add(add(m0, sum.get), outerSum.get),
      add(difference.get, scaled(2, outerDifference.get)),
      add(sum.get, scaled(4, outerSum.get)),
      add(add(difference.get, scaled(8, outerDifference.get)), m5),
    ],
  };
}

type SixCodes = readonly [Code, Code, Code, Code, Code, Code];
type FourLocals = readonly [Local, Local, Local, Local];

const codesOf = (locals: readonly Local[]) => locals.map(({ get }) => get) as unknown as SixCodes;

/** A transform's inputs, and what it needs on the way. */
function registers(kernel: FunctionBuilder<string>) {
  const inputs = Array.from({ length: WINDOW }, () => kernel.lanes());
  const temporary: FourLocals = [kernel.lanes(), kernel.lanes(), kernel.lanes(), kernel.lanes()];
  return { inputs, temporary };
}

/**
 * The first half of the input's transform, along columns: six rows of cells, `step` bytes from cell to cell, become a
 * `strip` [6, columns]. Neighbouring tiles share it. `before` and `after` columns beyond the picture's sides are zero.
 */
export function columnsKernel() {
  const names = ['row0', 'row1', 'row2', 'row3', 'row4', 'row5'] as const;
  const kernel = new FunctionBuilder('columns', [
    ...names,
    ...(['step', 'count', 'strip', 'stripStride', 'before', 'after'] as const),
  ]);
  const rows = names.map((name) => kernel.parameters[name]);
  const { step, count, strip, stripStride, before, after } = kernel.parameters;
  const { inputs, temporary } = registers(kernel);
  const to = kernel.integer();
  const { shared, outputs } = inputTransform(inputs, temporary);
  const sixStores = (values: readonly Code[]) => [
    to.set(strip.get),
    ...values.flatMap((value, i) => [...(i > 0 ? [advance(to, stripStride.get)] : []), store(to.get, value)]),
    advance(strip, 16),
  ];
  const zeros = sixStores(Array.from({ length: WINDOW }, () => lanesOf(0)));
  kernel.write(
    when(before.get, repeat(before, ...zeros)),
    repeat(
      count,
      ...inputs.map((input, i) => input.set(load((rows[i] as Local).get))),
      ...rows.map((row) => advance(row, step.get)),
      ...shared,
      ...sixStores(outputs),
    ),
    when(after.get, repeat(after, ...zeros)),
  );
  return kernel;
}

/**
 * The second half, along rows: `tiles` windows of a strip, each four cells after the one before, into `values` as
 * multiply.ts reads them, `matrixStride` bytes from matrix to matrix and `groupStride` from group to group. `row` is the
 * row of the first within its group, times 16.
 */
export function windowsKernel() {
  const kernel = new FunctionBuilder('windows', [
    ...(['strip', 'stripStride', 'tiles', 'values', 'matrixStride', 'groupStride', 'row'] as const),
  ]);
  const { strip, stripStride, tiles, values, matrixStride, groupStride, row } = kernel.parameters;
  const { inputs, temporary } = registers(kernel);
  const [from, to] = [kernel.integer(), kernel.integer()];
  const { shared, outputs } = inputTransform(inputs, temporary);
  const oneRow = [
    ...inputs.map((input, i) => input.set(load(from.get, i * 16))),
    ...shared,
    ...outputs.flatMap((value) => [store(to.get, value), advance(to, matrixStride.get)]),
    advance(from, stripStride.get),
  ];
  kernel.write(
    repeat(
      tiles,
      from.set(strip.get),
      to.set(values.get),
      ...Array.from({ length: WINDOW }, () => oneRow).flat(),
      advance(strip, TILE * 16),
      ...nextRow(values, row, groupStride),
    ),
  );
  return kernel;
}

/** On to the next row of a group, or to the next group. */
export const nextRow = (values: Local, row: Local, groupStride: Local): Code[] => [
  advance(values, 16),
  advance(row, 16),
  when(equal(row.get, integer(GROUP_BYTES)), [
    ...row.set(integer(0)),
    ...advance(values, minus(groupStride.get, integer(GROUP_BYTES))),
  ]),
];

/**
 * Four channels of `tiles` neighbouring tiles: `sums` [matrix, tile, COLUMNS] into cells of the output, `step` bytes
 * apart in a row and `rowStride` from row to row, of which `rows` and `columns` are left; plus bias, at least `floor`,
 * plus what lies `residual` bytes behind the output's cell, at least `sumFloor`. `scratch` holds 24 times four values.
 */
export function tilesKernel(name: string, hasResidual: boolean) {
  const kernel = new FunctionBuilder(name, [
    ...(['sums', 'matrixStride', 'tiles', 'output', 'step', 'rowStride'] as const),
    ...(['rows', 'columns', 'bias', 'floor', 'residual', 'sumFloor', 'scratch'] as const),
  ]);
  const { sums, matrixStride, tiles, output, step, rowStride } = kernel.parameters;
  const { rows, columns, bias, floor, residual, sumFloor, scratch } = kernel.parameters;
  const { inputs, temporary } = registers(kernel);
  const [biasLanes, floorLanes, sumFloorLanes] = [kernel.lanes(), kernel.lanes(), kernel.lanes()];
  const [from, to, start] = [kernel.integer(), kernel.integer(), kernel.integer()];
  const { shared, outputs } = outputTransform(inputs, temporary);
  // the matrices lie row by row: 0 to 5 are the first row's
  const along = Array.from({ length: WINDOW }, (_, column) => [
    from.set(column === 0 ? sums.get : plus(start.get, matrixStride.get)),
    start.set(from.get),
    ...inputs.flatMap((input, i) => [
      ...(i > 0 ? [advance(from, times(matrixStride.get, integer(WINDOW)))] : []),
      input.set(load(from.get)),
    ]),
    ...shared,
    ...outputs.map((value, i) => store(scratch.get, value, (i * WINDOW + column) * 16)),
  ]).flat();
  const finish = (value: Code) => {
    const activated = larger(add(value, biasLanes.get), floorLanes.get);
    const sum = () => larger(add(activated, load(plus(to.get, residual.get))), sumFloorLanes.get);
    return store(to.get, hasResidual ? sum() : activated);
  };
  const across = (isWhole: boolean) =>
    Array.from({ length: TILE }, (_, row) => {
      const cells = [
        ...inputs.map((input, i) => input.set(load(scratch.get, (row * WINDOW + i) * 16))),
        ...shared,
        to.set(start.get),
        ...outputs.flatMap((value, i) => [
          isWhole ? finish(value) : when(atLeast(columns.get, integer(i + 1)), finish(value)),
          advance(to, step.get),
        ]),
        advance(start, rowStride.get),
      ];
      return isWhole ? cells.flat() : when(atLeast(rows.get, integer(row + 1)), cells.flat());
    }).flat();
  const isWhole = both(atLeast(rows.get, integer(TILE)), atLeast(columns.get, integer(TILE)));
  kernel.write(
    biasLanes.set(load(bias.get)),
    floorLanes.set(load(floor.get)),
    sumFloorLanes.set(load(sumFloor.get)),
    repeat(
      tiles,
      ...along,
      start.set(output.get),
      when(isWhole, across(true), across(false)),
      advance(output, times(step.get, integer(TILE))),
      advance(columns, -TILE),
      advance(sums, COLUMNS * 4),
    ),
  );
  return kernel;
}
