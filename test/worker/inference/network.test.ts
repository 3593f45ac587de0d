import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import type { NetworkCard } from '../../../models/card.ts';
import type { ModelFiles } from '../../../models/engine.ts';
import { runsAtEdge } from '../../../models/limits.ts';
import { openNetwork } from '../../../worker/inference/network.ts';
import { OPERATIONS } from '../../../worker/inference/operations.ts';
import { Tensors } from '../../../worker/inference/tensors.ts';
import { largestDifference } from '../../models/pictures.ts';
import { fastName, loadNetwork, networkNames, readNetwork } from '../../models/published.ts';
import { root } from '../../paths.ts';

const wasm = `${root}node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm`;
let tensors: Tensors;
beforeAll(async () => {
  tensors = await Tensors.open(new WebAssembly.Module(readFileSync(wasm)));
});

test.each(networkNames.filter((name) => runsAtEdge(readNetwork(name))))(
  '%s, which may run at the edge, is made of operations that are known there',
  async (name) => {
    const { graph } = await loadNetwork(name, 'f16').catch(() => loadNetwork(name, 'q8'));
    const { node } = graph.modelTopology as { node: { op: string }[] };
    const others = new Set(node.map(({ op }) => op).filter((op) => !Object.hasOwn(OPERATIONS, op)));
    expect([...others].sort()).toEqual(['Const', 'Placeholder']);
  },
);

test('other operations are refused before anything is run', async () => {
  const files = await loadNetwork(fastName, 'f16');
  const { node } = files.graph.modelTopology as { node: object[] };
  const graph = {
    ...files.graph,
    modelTopology: { node: [...node, { name: 'x', op: 'Softmax', input: ['denoised'] }] },
  };
  const refusal = expect.objectContaining({ code: 'invalid-model', received: 'Softmax' });
  expect(() => openNetwork(tensors, { ...files, graph })).toThrow(refusal);
});

/** Made by graph-ops.py: small networks by PyTorch, of which some are made of what the edge knows. */
const stored = (
  JSON.parse(readFileSync(`${root}test/stored/graph-ops.json`, 'utf8')) as Record<string, string>[]
).filter(({ graph = '' }) => {
  const { node } = JSON.parse(graph).modelTopology as { node: { op: string }[] };
  return node.every(({ op }) => ['Const', 'Placeholder'].includes(op) || Object.hasOwn(OPERATIONS, op));
});

test.each(stored)('gives what PyTorch gave: $name', async (each) => {
  const bytes = (base64: string) => Uint8Array.from(Buffer.from(base64, 'base64'));
  const [height, width, channels] = [Number(each.height), Number(each.width), Number(each.channels)];
  const card = {
    channels: { input: channels },
    sigma: { kind: 'blind' },
    graph: { input: 'image', output: 'denoised' },
  } as unknown as NetworkCard;
  const graph = JSON.parse(each.graph as string) as ModelFiles['graph'];
  const before = tensors.count;
  const files: ModelFiles = { card, graph, weights: halved(graph, bytes(each.weights as string)), precision: 'f16' };
  const network = openNetwork(tensors, files);
  const input = Float32Array.from({ length: height * width * channels }, (_, i) => ((i * 37) % 101) / 100);
  const output = await network.run(input, height, width);
  const expected = new Float32Array(bytes(each.output as string).buffer);
  // weights of 16 bits
  expect(largestDifference(output, expected)).toBeLessThan(5e-3);
  network.dispose();
  expect(tensors.count).toBe(before);
});

/** The stored weights are float32; what is published for the edge has 16 bits. */
function halved(graph: ModelFiles['graph'], weights: Uint8Array): Uint8Array<ArrayBuffer> {
  const view = new DataView(weights.buffer);
  const parts: number[] = [];
  let offset = 0;
  for (const { shape, dtype } of graph.weightsManifest.flatMap((group) => group.weights)) {
    for (let i = 0; i < shape.reduce((a, b) => a * b, 1); i++, offset += 4) {
      const out = new DataView(new ArrayBuffer(4));
      if (dtype === 'int32') out.setInt32(0, view.getInt32(offset, true), true);
      else out.setFloat16(0, view.getFloat32(offset, true), true);
      parts.push(...new Uint8Array(out.buffer, 0, dtype === 'int32' ? 4 : 2));
    }
  }
  return Uint8Array.from(parts);
}
