import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import '@tensorflow/tfjs-backend-cpu';
import * as stock from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadPublished } from '../../cli/published.ts';
import { openTfjsEngine, type TileEngine } from '../../models/engine.ts';
import { folderOf, largestDifference, publishedNames } from './pictures.ts';

interface Golden {
  readonly sigma: number;
  readonly height: number;
  readonly width: number;
  readonly input: string;
  readonly output: string;
  readonly outputQ8: string;
}

/** What float32 in another order of additions may differ by. */
const ROUNDING = 1e-4;

describe.each(publishedNames)('%s', (name) => {
  const folder = folderOf(name);
  const floats = (file: string) => new Float32Array(Uint8Array.from(readFileSync(folder + file)).buffer);
  const cases: Golden[] = JSON.parse(readFileSync(`${folder}golden.json`, 'utf8')).cases;
  const opened: TileEngine[] = [];
  const open = async (backend: 'wasm' | 'cpu', precision: 'f16' | 'q8') => {
    const engine = await openTfjsEngine(backend, backend, await loadPublished(name, precision));
    opened.push(engine);
    return engine;
  };
  afterAll(() => {
    for (const engine of opened) engine.dispose();
  });

  test.each(['f16', 'q8'] as const)(
    'with weights of %s, on wasm, gives what PyTorch gave, each time',
    async (precision) => {
      const engine = await open('wasm', precision);
      for (const golden of [...cases, ...cases]) {
        const output = await engine.run(floats(golden.input), golden.height, golden.width);
        const wanted = floats(precision === 'f16' ? golden.output : golden.outputQ8);
        expect(largestDifference(output, wanted)).toBeLessThan(ROUNDING);
      }
    },
  );

  test('the golden outputs tell the two forms of the weights apart', () => {
    for (const { output, outputQ8 } of cases) {
      expect(largestDifference(floats(output), floats(outputQ8))).toBeGreaterThan(2 * ROUNDING);
    }
  });

  test('leaves no tensor behind, also where a run fails', async () => {
    const engine = await open('wasm', 'f16');
    const { input, height, width } = cases[0] as Golden;
    await engine.run(floats(input), height, width);
    const before = stock.memory().numTensors;
    await engine.run(floats(input), height, width);
    await expect(engine.run(floats(input), height + 8, width)).rejects.toThrow();
    // sides that are no multiple of the network's strides do not add up where it joins its halves
    await expect(engine.run(new Float32Array(9 * 9 * 4), 9, 9)).rejects.toThrow();
    expect(stock.memory().numTensors).toBe(before);
    engine.dispose();
    opened.pop();
    expect(stock.memory().numTensors).toBeLessThan(before);
  });

  test('runs on its own backend, whichever was started last', async () => {
    const wasm = await open('wasm', 'f16');
    await open('cpu', 'f16');
    expect(stock.getBackend()).toBe('cpu');
    const { input, height, width, output } = cases[0] as Golden;
    expect(largestDifference(await wasm.run(floats(input), height, width), floats(output))).toBeLessThan(ROUNDING);
    expect(stock.getBackend()).toBe('wasm');
  });

  test('with files of two versions is refused', async () => {
    const files = await loadPublished(name, 'q8');
    const graph = {
      ...files.graph,
      weightsManifest: [{ weights: files.graph.weightsManifest.flatMap(({ weights }) => weights).slice(1) }],
    };
    await expect(openTfjsEngine('wasm', 'wasm', { ...files, graph })).rejects.toMatchObject({ code: 'invalid-model' });
  });

  test('takes weights from the middle of a larger buffer', async () => {
    const files = await loadPublished(name, 'f16');
    const larger = new Uint8Array(files.weights.length + 64);
    larger.set(files.weights, 16);
    const weights = larger.subarray(16, 16 + files.weights.length);
    const engine = await openTfjsEngine('wasm', 'wasm', { ...files, weights });
    opened.push(engine);
    const { input, height, width, output } = cases[0] as Golden;
    expect(largestDifference(await engine.run(floats(input), height, width), floats(output))).toBeLessThan(ROUNDING);
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
        const result = stock.tidy(() =>
          model.predict(stock.tensor4d(floats(input), [1, height, width, 4])),
        ) as stock.Tensor4D;
        expect(result.shape).toEqual([1, height, width, 3]);
        expect(largestDifference(await result.data(), floats(output))).toBeLessThan(ROUNDING);
        result.dispose();
      }
      model.dispose();
    });
  });
});

test('a backend that is not there is an engine that is unavailable', async () => {
  const files = await loadPublished(publishedNames[0] as string, 'f16');
  await expect(openTfjsEngine('abacus', 'abacus', files)).rejects.toMatchObject({
    code: 'engine-unavailable',
    expected: expect.stringContaining('abacus'),
  });
});
