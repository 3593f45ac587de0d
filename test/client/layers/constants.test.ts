import { expect, test } from 'vitest';
import { constantsOf } from '../../../client/engine/layers/constants.ts';
import { fastName, loadNetwork } from '../../models/published.ts';

test('both forms of the weights give the same filters, but for what int8 rounds', async () => {
  const [f16, q8] = [constantsOf(await loadNetwork(fastName, 'f16')), constantsOf(await loadNetwork(fastName, 'q8'))];
  expect([...f16.keys()]).toEqual([...q8.keys()]);
  for (const [name, { shape, values }] of f16) {
    const rounded = q8.get(name);
    expect(rounded?.shape).toEqual(shape);
    // biases make up for what their filters have lost
    if (!name.endsWith('/filter')) continue;
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    values.forEach((value, i) => {
      if (Math.abs(value - (rounded?.values[i] ?? Number.NaN)) <= largest / 200) return;
      throw new Error(`${name}[${i}] is ${value} and ${rounded?.values[i]}`);
    });
  }
});

test('weights that are cut short, or of another graph, are refused', async () => {
  const files = await loadNetwork(fastName, 'f16');
  const cut = { ...files, weights: files.weights.slice(0, -2) };
  expect(() => constantsOf(cut)).toThrow(expect.objectContaining({ code: 'invalid-model' }));
  const long = { ...files, weights: new Uint8Array(files.weights.length + 2) };
  expect(() => constantsOf(long)).toThrow(expect.objectContaining({ code: 'invalid-model' }));
  const other = { ...(await loadNetwork(fastName, 'q8')), graph: { ...files.graph, weightsManifest: [] } };
  expect(() => constantsOf(other)).toThrow(expect.objectContaining({ code: 'invalid-model' }));
});
