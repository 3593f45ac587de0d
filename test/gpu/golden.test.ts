import { expect, test } from 'vitest';
import { largestDifference } from '../../client/engine/self-test.ts';
import { openWgsl } from '../../client/engine/wgsl/engine.ts';
import { goldenOf, kernelNames, loadNetwork } from '../models/published.ts';
import { watchedAdapter } from './device.ts';

/** What float32 in another order of additions may differ by. */
const ROUNDING = 1e-4;

test.each(kernelNames)("%s passes its self-test, and reproduces PyTorch's golden windows", async (name) => {
  const cases = goldenOf(name).map(({ output, ...window }) => ({ ...window, output: output.q8 }));
  const { adapter } = await watchedAdapter();
  const engine = await openWgsl(adapter, await loadNetwork(name, 'q8'), cases.slice(0, 1));
  for (const { input, height, width, output } of cases) {
    expect(largestDifference(await engine.run(input, height, width), output)).toBeLessThan(ROUNDING);
  }
  engine.dispose();
});
