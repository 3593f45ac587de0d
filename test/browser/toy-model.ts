import { createHash } from 'node:crypto';
import type { Page } from 'playwright-core';
import type { CardFile, ModelCard } from '../../models/card.ts';
import { encodeQ8 } from '../../models/weights.ts';
import type { Edge } from '../worker/harness.ts';

/** denoised = image[..., 0:3] * 0.5 as a 1x1 convolution: one kernel, where the network's take WebGPU on the processor seconds. */
const node = (name: string, op: string, input: string[] = [], attr: object = {}) => ({ name, op, input, attr });
const constant = (name: string, dtype: string) => node(name, 'Const', [], { dtype: { type: dtype } });
const float = { type: 'DT_FLOAT' };
const integers = (...values: number[]) => ({ list: { i: values.map(String) } });
const graph = {
  format: 'graph-model',
  modelTopology: {
    node: [
      node('image', 'Placeholder', [], { dtype: float, shape: { shape: { unknownRank: true } } }),
      constant('filter', 'DT_FLOAT'),
      constant('bias', 'DT_FLOAT'),
      node('denoised', '_FusedConv2D', ['image', 'filter', 'bias'], {
        T: float,
        strides: integers(1, 1, 1, 1),
        dilations: integers(1, 1, 1, 1),
        padding: { s: btoa('VALID') },
        data_format: { s: btoa('NHWC') },
        num_args: { i: '1' },
        fused_ops: { list: { s: [btoa('BiasAdd')] } },
      }),
    ],
    versions: { producer: 1 },
  },
  weightsManifest: [
    {
      paths: [],
      weights: [
        { name: 'filter', shape: [1, 1, 4, 3], dtype: 'float32' },
        { name: 'bias', shape: [3], dtype: 'float32' },
      ],
    },
  ],
};
/** [4, 3]: colours, and the noise map, which it does not use. */
const filter = (factor: number) => Array.from({ length: 12 }, (_, i) => (i % 3 === Math.floor(i / 3) ? factor : 0));
const weights = (factor: number) =>
  [filter(factor), [0, 0, 0]].map((values) => ({ values: Float32Array.from(values), channels: 0 }));

const SIDE = 16;

/** A window and what the network makes of it, or something else than that. */
function golden(isRight: boolean) {
  const input = Float32Array.from({ length: SIDE * SIDE * 4 }, (_, i) => ((i * 37) % 101) / 100);
  const output = input.filter((_, i) => i % 4 !== 3).map((value) => value / 2);
  if (!isRight) output[100] = (output[100] as number) + 0.1;
  const window = { height: SIDE, width: SIDE, input: 'in.f32', output: 'out.f32', outputQ8: 'out.f32' };
  return { index: { format: 1, cases: [window] }, input, output };
}

/** Serves the toy in place of the network, under its name. */
export async function serveToy(page: Page, edge: Edge, { goldenIsRight = true, factor = 0.5 } = {}): Promise<void> {
  const { index, input, output } = golden(goldenIsRight);
  const bytes: Record<string, { role: CardFile['role']; body: Buffer }> = {
    'model.json': { role: 'graph', body: Buffer.from(JSON.stringify(graph)) },
    'weights.q8': { role: 'weights-q8', body: Buffer.from(encodeQ8(weights(factor))) },
    'golden.json': { role: 'golden', body: Buffer.from(JSON.stringify(index)) },
    'in.f32': { role: 'golden', body: Buffer.from(input.buffer) },
    'out.f32': { role: 'golden', body: Buffer.from(output.buffer) },
  };
  const files = Object.entries(bytes).map(([name, { role, body }]) => {
    const sha256 = createHash('sha256').update(body).digest('hex');
    return { name, role, bytes: body.length, sha256 };
  });
  const card = (await (await edge.fetch('/v1/models/fast')).json()) as ModelCard;
  const folder = `/models/${card.id}/${card.version}/`;
  await page.route(`**/v1/models/${card.id}/${card.version}`, (route) => route.fulfill({ json: { ...card, files } }));
  await page.route(`**${folder}*`, (route) => {
    const name = new URL(route.request().url()).pathname.slice(folder.length);
    return route.fulfill({ body: bytes[name]?.body ?? '' });
  });
  await page.route('**/v1/plans?*', async (route) => {
    const response = await route.fetch();
    const plan = await response.json();
    const planned = files
      .filter(({ role }) => role !== 'golden')
      .map((file) => ({ ...file, url: new URL(folder + file.name, edge.url).href }));
    return route.fulfill({ response, json: { ...plan, model: { ...plan.model, files: planned } } });
  });
}
