import { expect, test } from 'vitest';
import { compile } from '../../../client/engine/layers/compile.ts';
import { choiceKey } from '../../../client/engine/wgsl/choice-key.ts';
import { GraphBuilder } from '../layers/graphs.ts';

function networkOf(channels: number, seed = 1) {
  const graph = new GraphBuilder(3, seed);
  graph.convolution('head', 'image', { kernel: 3, inputs: 3, outputs: channels });
  graph.convolution('denoised', 'head', { kernel: 3, inputs: channels, outputs: 3 });
  return compile(graph.files(3, { blind: true }));
}

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';
const adapterOf = (vendor: string, architecture: string, features: string[] = []) =>
  ({ info: { vendor, architecture }, features: new Set(features) }) as unknown as GPUAdapter;
const gpu = adapterOf('intel', 'xe');

test('weights and a patch of the browser make no difference', async () => {
  const key = await choiceKey(gpu, networkOf(8), CHROME);
  expect(key).toMatch(/^intel xe Chrome\/156 {2}[0-9a-f]{16}$/);
  expect(await choiceKey(gpu, networkOf(8, 2), CHROME.replace('156.0.0.0', '156.0.1.2'))).toBe(key);
});

test.each([
  ['vendor', adapterOf('amd', 'xe'), 8, CHROME],
  ['architecture', adapterOf('intel', 'gen-12'), 8, CHROME],
  ['float16', adapterOf('intel', 'xe', ['shader-f16']), 8, CHROME],
  ['layers', gpu, 12, CHROME],
  ['version of the browser', gpu, 8, CHROME.replace('156', '157')],
  ['browser', gpu, 8, 'Mozilla/5.0 (X11; Linux x86_64; rv:156.0) Gecko/20100101 Firefox/156.0'],
] as const)('another %s is another key', async (_, adapter, channels, userAgent) => {
  expect(await choiceKey(adapter, networkOf(channels), userAgent)).not.toBe(await choiceKey(gpu, networkOf(8), CHROME));
});
