import { add, advance, FunctionBuilder, type Local, larger, load, plus, repeat, store } from '../assembler.ts';
import { COLUMNS } from './multiply.ts';
import { nextRow } from './winograd.ts';

type Six = readonly [Local, Local, Local, Local, Local, Local];

/** Four channels of `cells` neighbouring cells, `step` bytes apart, into `values` as multiply.ts reads them. */
export function gatherKernel(): FunctionBuilder {
  const kernel = new FunctionBuilder('gather', 6);
  const [source, step, cells, values, groupStride, row] = kernel.parameters as unknown as Six;
  kernel.write(
    repeat(
      cells,
      store(values.get, load(source.get)),
      advance(source, step.get),
      ...nextRow(values, row, groupStride),
    ),
  );
  return kernel;
}

/**
 * Four channels of `sums` [cell, COLUMNS] into `cells` of the output, `step` bytes apart; plus bias, at least `floor`,
 * plus what lies `residual` bytes behind the output's cell.
 */
export function scatterKernel(name: string, hasResidual: boolean): FunctionBuilder {
  const kernel = new FunctionBuilder(name, 7);
  const [sums, cells, output, step, bias, floor] = kernel.parameters as unknown as Six;
  const residual = kernel.parameters[6] as Local;
  const [biasLanes, floorLanes] = [kernel.lanes(), kernel.lanes()];
  const activated = larger(add(load(sums.get), biasLanes.get), floorLanes.get);
  const value = hasResidual ? add(activated, load(plus(output.get, residual.get))) : activated;
  kernel.write(
    biasLanes.set(load(bias.get)),
    floorLanes.set(load(floor.get)),
    repeat(cells, store(output.get, value), advance(output, step.get), advance(sums, COLUMNS * 4)),
  );
  return kernel;
}
