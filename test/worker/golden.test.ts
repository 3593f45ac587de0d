import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestHarness, type TestHarness, unstable_readConfig } from 'wrangler';
import { precisionOf } from '../../models/card.ts';
import { runsAtEdge } from '../../models/limits.ts';
import { MOST_OPEN } from '../../worker/http/limits.ts';
import { largestDifference } from '../models/pictures.ts';
import { fastName, folderOf, type Golden, goldenOf, networkNames, readNetwork } from '../models/published.ts';
import { root } from '../paths.ts';

let harness: TestHarness;
beforeAll(async () => {
  const { compatibility_date, compatibility_flags } = unstable_readConfig({ config: `${root}wrangler.toml` });
  const config = {
    name: 'golden',
    main: `${root}test/worker/golden-worker.ts`,
    compatibility_date: compatibility_date as string,
    compatibility_flags,
    assets: { directory: `${root}dist`, binding: 'ASSETS', run_worker_first: true },
  };
  harness = createTestHarness({ root, workers: [{ config }] });
  await harness.listen();
});
afterAll(() => harness.close());

/** The largest difference that summing in another order may make. */
const TOLERANCE = 1e-4;

const run = (model: string, height: number, width: number, input: BodyInit) =>
  harness.fetch(`/?model=${model}&height=${height}&width=${width}`, { method: 'POST', body: input as never });

const edgeNames = networkNames.filter((name) => runsAtEdge(readNetwork(name)));

describe('a network at the edge', () => {
  const [id, version] = fastName.split('@');
  const model = `${id}&version=${version}`;
  const folder = folderOf(fastName);
  test('runs no weights that are not those of the card, and tries again', async () => {
    const input = new Float32Array(8 * 8 * 4);
    const refused = await run(`${model}&damaged`, 8, 8, input);
    expect(refused.status).toBe(500);
    expect(await refused.text()).toContain('SHA-256');
    expect((await run(model, 8, 8, input)).status).toBe(200);
  });

  test('is opened once, also by the first requests of all, at the same time', async () => {
    const input = new Float32Array(8 * 8 * 4);
    const tensors = async (response: Response) => {
      expect(response.status, await response.text()).toBe(200);
      return Number(response.headers.get('tensors'));
    };
    const first = await Promise.all([1, 2, 3, 4].map(() => run(model, 8, 8, input)));
    for (const response of first) await tensors(response as unknown as Response);
    const { weightsManifest } = JSON.parse(await readFile(`${folder}model.json`, 'utf8')) as {
      weightsManifest: { weights: object[] }[];
    };
    const weights = weightsManifest.flatMap((group) => group.weights).length;
    expect(await tensors((await run(model, 8, 8, input)) as unknown as Response)).toBeLessThan(1.5 * weights);
  });

  test('keeps no tensor of a run, and survives runs that fail', async () => {
    const input = new Float32Array(16 * 16 * 4).fill(0.5);
    const tensors = async (height: number, width: number, status: number) => {
      const response = await run(model, height, width, input);
      expect(response.status, await response.text()).toBe(status);
      return Number(response.headers.get('tensors'));
    };
    const before = await tensors(16, 16, 200);
    expect(before).toBeGreaterThan(0);
    expect(await tensors(16, 16, 200)).toBe(before);
    // Too little data fails before the graph starts. A height that is no multiple traps in the middle of wasm, after
    // which nothing works until the kernels have started afresh.
    for (const [height, width] of [
      [32, 32],
      [4, 64],
    ] as const) {
      expect(await tensors(height, width, 500)).toBeLessThanOrEqual(before);
      expect(await tensors(16, 16, 200)).toBe(before);
    }
  });
});

test.each(edgeNames)('%s at the edge gives what PyTorch gave', async (name) => {
  const [id, version] = name.split('@');
  const precision = precisionOf(readNetwork(name), 'f16');
  for (const { height, width, input, output } of goldenOf(name)) {
    const response = await run(`${id}&version=${version}`, height, width, input as unknown as BodyInit);
    expect(response.status, `${name} ${response.status}`).toBe(200);
    expect(largestDifference(new Float32Array(await response.arrayBuffer()), output[precision])).toBeLessThan(
      TOLERANCE,
    );
  }
});

test('only the models asked for last stay open', async () => {
  const tensorsOf = async (name: string) => {
    const [id, version] = name.split('@');
    const { height, width, input } = goldenOf(name)[0] as Golden;
    const response = await run(`${id}&version=${version}`, height, width, input as unknown as BodyInit);
    return Number(response.headers.get('tensors'));
  };
  const others = edgeNames.filter((name) => name !== fastName).slice(0, MOST_OPEN);
  expect(others).toHaveLength(MOST_OPEN);
  const withFast = await tensorsOf(fastName);
  const counts: number[] = [];
  for (const name of others) counts.push(await tensorsOf(name));
  // the last of them pushed out the one that is by far the largest
  expect(counts.at(-1)).toBeLessThan(withFast);
  expect(await tensorsOf(fastName)).toBeGreaterThan(counts.at(-1) as number);
});
