import { expect, test } from 'vitest';
import { largestDifference } from '../../client/engine/self-test.ts';
import { openWgsl } from '../../client/engine/wgsl/engine.ts';
import type { Precision } from '../../models/card.ts';
import { fastName, goldenOf, loadNetwork, networkNames, readNetwork } from '../models/published.ts';
import { watchedAdapter } from './device.ts';

/** What float32 in another order of additions may differ by. */
const ROUNDING = 1e-4;

async function differences(name: string, precision: Precision, selfTested: boolean): Promise<number[]> {
  const cases = goldenOf(name).map(({ output, ...window }) => ({ ...window, output: output[precision] }));
  const { adapter } = await watchedAdapter();
  const engine = await openWgsl(adapter, await loadNetwork(name, precision), selfTested ? cases.slice(0, 1) : []);
  const found: number[] = [];
  for (const { input, height, width, output } of cases.slice(0, selfTested ? 2 : 1)) {
    found.push(largestDifference(await engine.run(input, height, width), output));
  }
  engine.dispose();
  return found;
}

const tiers = networkNames.filter((name) => readNetwork(name).family === 'tier');

test.each(tiers)("%s passes its self-test, and reproduces PyTorch's golden windows", async (name) => {
  expect(Math.max(...(await differences(name, 'q8', true)))).toBeLessThan(ROUNDING);
});

test("fast's float16 weights give what PyTorch gave", async () => {
  expect(await differences(fastName, 'f16', false)).toEqual([expect.closeTo(0, 4)]);
});
