import type { Plane } from '../planes.ts';
import { Aggregation } from './aggregation.ts';
import type { Matches } from './block-matching.ts';
import { type Profile, SEARCH_RADIUS, type StepProfile } from './profiles.ts';
import { BlockSpectra } from './spectra.ts';
import { blockTransform, haarAcross, inverseHaarAcross } from './transforms.ts';

/** Rows of blocks that a reference block's matches can be in. */
const BAND = 2 * SEARCH_RADIUS + 1;

/** Step 1: drops the coefficients of each group that noise alone could have made. `sigma` in the plane's units. */
export function hardThreshold(noisy: Plane, sigma: number, matches: Matches, step: Profile['hard']): Plane {
  const limit = step.threshold * sigma;
  return filterGroups([noisy], matches, step, ([group], length) => {
    const values = group as Float32Array;
    let kept = 0;
    for (let i = 0; i < length; i++) {
      if (Math.abs(values[i] as number) > limit) kept++;
      else values[i] = 0;
    }
    return 1 / Math.max(kept, 1);
  });
}

/** Step 2: the empirical Wiener filter, which takes the estimate of step 1 for the power of what to keep. */
export function wienerFilter(
  noisy: Plane,
  basic: Plane,
  sigma: number,
  matches: Matches,
  step: Profile['wiener'],
): Plane {
  const variance = sigma ** 2;
  return filterGroups([noisy, basic], matches, step, ([group, pilot], length) => {
    const values = group as Float32Array;
    const estimates = pilot as Float32Array;
    let energy = 0;
    for (let i = 0; i < length; i++) {
      const power = (estimates[i] as number) ** 2;
      const gain = power / (power + variance);
      values[i] = (values[i] as number) * gain;
      energy += gain * gain;
    }
    return 1 / Math.max(energy, LEAST_ENERGY);
  });
}

/** Where the estimate is all zero nothing is kept either, and any weight will do; this one is finite. */
const LEAST_ENERGY = 1e-6;

/**
 * Collects the blocks of each group from the planes, transforms them along all three axes, lets `shrink` change the
 * first plane's coefficients [blocks,block,block], and puts these back with the weight that it returns.
 */
function filterGroups(
  planes: readonly Plane[],
  matches: Matches,
  step: StepProfile,
  shrink: (groups: readonly Float32Array[], length: number) => number,
): Plane {
  const { width, height } = planes[0] as Plane;
  const { columns, rows, counts, blocks } = matches;
  const transform = blockTransform(step.transform, step.block);
  const area = step.block ** 2;
  const spectra = planes.map((plane) => new BlockSpectra(plane, transform, BAND));
  const groups = planes.map(() => new Float32Array(step.group * area));
  const aggregation = new Aggregation(width, height, transform, BAND);
  for (const [row, y] of rows.entries()) {
    for (const each of spectra) each.advance(y + SEARCH_RADIUS);
    aggregation.finishAbove(y - SEARCH_RADIUS);
    for (let column = 0; column < columns.length; column++) {
      const reference = row * columns.length + column;
      const count = counts[reference] as number;
      const first = reference * step.group;
      for (let p = 0; p < planes.length; p++) {
        const group = groups[p] as Float32Array;
        collect(spectra[p] as BlockSpectra, blocks, first, count, width, area, group);
        haarAcross(group, count, area);
      }
      const weight = shrink(groups, count * area);
      const shrunk = groups[0] as Float32Array;
      inverseHaarAcross(shrunk, count, area);
      for (let k = 0; k < count; k++) {
        const block = blocks[first + k] as number;
        const top = Math.floor(block / width);
        aggregation.add(block - top * width, top, shrunk, k * area, weight);
      }
    }
  }
  return aggregation.result();
}

function collect(
  spectra: BlockSpectra,
  blocks: Int32Array,
  first: number,
  count: number,
  width: number,
  area: number,
  group: Float32Array,
): void {
  const { data } = spectra;
  for (let k = 0, to = 0; k < count; k++) {
    const block = blocks[first + k] as number;
    const top = Math.floor(block / width);
    for (let from = spectra.offset(block - top * width, top), end = from + area; from < end; from++, to++) {
      group[to] = data[from] as number;
    }
  }
}
