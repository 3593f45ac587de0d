import { add, advance, FunctionBuilder, larger, load, plus, repeat, store } from '../assembler.ts';
import { COLUMNS } from './multiply.ts';
import { nextRow } from './winograd.ts';

/** Four channels of `cells` neighbouring cells, `step` bytes apart, into `values` as multiply.ts reads them. */
export function gatherKernel() {
  const kernel = new FunctionBuilder('gather', ['source', 'step', 'cells', 'values', 'groupStride', 'row']);
  const { source, step, cells, values, groupStride, row } = kernel.parameters;
  kernel.write(
    repeat(cells, store(values.get, load(source.get)), advance(source, step.get), ...nextRow(values, row, groupStride)),
  );
  return kernel;
}

/**
 * Four channels of `sums` [cell, COLUMNS] into `cells` of the output, `step` bytes apart; plus bias, at least `floor`,
 * plus what lies `residual` bytes behind the output's cell, at least `sumFloor`.
 */
export function scatterKernel(name: string, hasResidual: boolean) {
  const kernel = new FunctionBuilder(name, [
    ...(['sums', 'cells', 'output', 'step', 'bias', 'floor', 'residual', 'sumFloor'] as const),
  ]);
  const { sums, cells, output, step, bias, floor, residual, sumFloor } = kernel.parameters;
  const [biasLanes, floorLanes, sumFloorLanes] = [kernel.lanes(), kernel.lanes(), kernel.lanes()];
  const activated = larger(add(load(sums.get), biasLanes.get), floorLanes.get);
  const sum = () => larger(add(activated, load(plus(output.get, residual.get))), sumFloorLanes.get);
  const value = hasResidual ? sum() : activated;
  kernel.write(
    biasLanes.set(load(bias.get)),
    floorLanes.set(load(floor.get)),
    sumFloorLanes.set(load(sumFloor.get)),
    repeat(cells, store(output.get, value), advance(output, step.get), advance(sums, COLUMNS * 4)),
  );
  return kernel;
}
