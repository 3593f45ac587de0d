import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import '@tensorflow/tfjs-backend-cpu';
import * as stock from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Precision } from '../../models/card.ts';
import { openTfjsEngine, type TileEngine } from '../../models/engine.ts';
import { largestDifference } from './pictures.ts';
import { fastName, folderOf, type Golden, goldenOf, loadNetwork, networkNames, precisionsOf } from './published.ts';

/** What float32 in another order of additions may differ by. */
const ROUNDING = 1e-4;

const opened: TileEngine[] = [];
async function open(name: string, backend: 'wasm' | 'cpu', precision: Precision) {
  const engine = await openTfjsEngine(backend, backend, await loadNetwork(name, precision));
  opened.push(engine);
  return engine;
}
afterEach(() => {
  for (const engine of opened.splice(0)) engine.dispose();
});

describe.each(networkNames)('%s', (name) => {
  const cases = goldenOf(name);

  test.each(precisionsOf(name))(
    'with weights of %s, on wasm, gives what PyTorch gave, each time',
    async (precision) => {
      const engine = await open(name, 'wasm', precision);
      for (const { input, height, width, output } of [...cases, ...cases]) {
        expect(largestDifference(await engine.run(input, height, width), output[precision])).toBeLessThan(ROUNDING);
      }
    },
  );

  test('has golden outputs that tell the two forms of the weights apart', () => {
    for (const { output } of cases) expect(largestDifference(output.f16, output.q8)).toBeGreaterThan(2 * ROUNDING);
  });
});

describe('the engine', () => {
  const name = fastName;
  const cases = goldenOf(name);
  const folder = folderOf(name);

  test('leaves no tensor behind, also where a run fails', async () => {
    const engine = await open(name, 'wasm', 'f16');
    const { input, height, width } = cases[0] as Golden;
    await engine.run(input, height, width);
    const before = stock.memory().numTensors;
    await engine.run(input, height, width);
    await expect(engine.run(input, height + 8, width)).rejects.toThrow();
    // sides that are no multiple of the network's strides do not add up where it joins its halves
    await expect(engine.run(new Float32Array(9 * 9 * 4), 9, 9)).rejects.toThrow();
    expect(stock.memory().numTensors).toBe(before);
    engine.dispose();
    opened.pop();
    expect(stock.memory().numTensors).toBeLessThan(before);
  });

  test('runs on its own backend, whichever was started last', async () => {
    const wasm = await open(name, 'wasm', 'f16');
    await open(name, 'cpu', 'f16');
    expect(stock.getBackend()).toBe('cpu');
    const { input, height, width, output } = cases[0] as Golden;
    expect(largestDifference(await wasm.run(input, height, width), output.f16)).toBeLessThan(ROUNDING);
    expect(stock.getBackend()).toBe('wasm');
  });

  test('with files of two versions is refused', async () => {
    const files = await loadNetwork(name, 'q8');
    const graph = {
      ...files.graph,
      weightsManifest: [{ weights: files.graph.weightsManifest.flatMap(({ weights }) => weights).slice(1) }],
    };
    await expect(openTfjsEngine('wasm', 'wasm', { ...files, graph })).rejects.toMatchObject({ code: 'invalid-model' });
  });

  test('takes weights from the middle of a larger buffer', async () => {
    const files = await loadNetwork(name, 'f16');
    const larger = new Uint8Array(files.weights.length + 64);
    larger.set(files.weights, 16);
    const weights = larger.subarray(16, 16 + files.weights.length);
    const engine = await openTfjsEngine('wasm', 'wasm', { ...files, weights });
    opened.push(engine);
    const { input, height, width, output } = cases[0] as Golden;
    expect(largestDifference(await engine.run(input, height, width), output.f16)).toBeLessThan(ROUNDING);
  });

  describe('in stock TF.js', () => {
    let server: Server;
    beforeAll(async () => {
      server = createServer((request, response) => response.end(readFileSync(folder + request.url?.slice(1))));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    });
    afterAll(() => {
      server.close();
    });

    test('the folder loads from its address as it is, and agrees', async () => {
      const { port } = server.address() as AddressInfo;
      const model = await stock.loadGraphModel(`http://127.0.0.1:${port}/model.json`);
      await stock.setBackend('wasm');
      for (const { input, height, width, output } of cases) {
        const result = stock.tidy(() => model.predict(stock.tensor4d(input, [1, height, width, 4]))) as stock.Tensor4D;
        expect(result.shape).toEqual([1, height, width, 3]);
        expect(largestDifference(await result.data(), output.f16)).toBeLessThan(ROUNDING);
        result.dispose();
      }
      model.dispose();
    });
  });
});

test('a backend that is not there is an engine that is unavailable', async () => {
  const files = await loadNetwork(fastName, 'f16');
  await expect(openTfjsEngine('abacus', 'abacus', files)).rejects.toMatchObject({
    code: 'engine-unavailable',
    expected: expect.stringContaining('abacus'),
  });
});
