import { expect, test } from 'vitest';
import { constantsOf } from '../../../client/engine/wgsl/constants.ts';
import { floatOfHalf, halfOfFloat } from '../../../client/engine/wgsl/half.ts';
import { fastName, loadNetwork } from '../../models/published.ts';

test('all of the 65,536 halves come back as they were, and as Node reads them', () => {
  const view = new DataView(new ArrayBuffer(2)) as DataView & { getFloat16(at: number): number };
  for (let bits = 0; bits < 65_536; bits++) {
    view.setUint16(0, bits);
    const value = floatOfHalf(bits);
    expect(value).toBe(view.getFloat16(0));
    if (!Number.isNaN(value)) expect(halfOfFloat(value)).toBe(bits);
  }
});

test('what lies between two halves goes to the nearer, at a tie to the even one', () => {
  const view = new DataView(new ArrayBuffer(2)) as DataView & { setFloat16(at: number, value: number): void };
  const between = [1 + 2 ** -11, 1 + 3 * 2 ** -11, 1.0007, 65_519, 65_520, 1e9, 2 ** -25, 3 * 2 ** -26, 5e-7, -0.1];
  for (const value of between) {
    view.setFloat16(0, value);
    expect(halfOfFloat(value), String(value)).toBe(view.getUint16(0));
  }
  expect(floatOfHalf(halfOfFloat(Number.NaN))).toBeNaN();
});

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
