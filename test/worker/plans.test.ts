import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ModelCard } from '../../models/card.ts';
import { findCard } from '../../models/catalog.ts';
import { assertPlanFits } from '../../models/check-plan.ts';
import { maxTilePixels, planCost } from '../../models/limits.ts';
import type { TilePlan } from '../../models/tiles.ts';
import { type Edge, startEdge } from './harness.ts';
import { expectProblem, postJson, secret } from './requests.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());

const PATH = '/v1/plans?key=pk_local';
const card = findCard('fast') as ModelCard;
const image = { model: 'fast', width: 1200, height: 800 };

interface Plan extends Omit<TilePlan, 'multiple'> {
  planId: string;
  multiple: number;
  precision: 'q8' | 'f16';
  model: { id: string; version: string; files: { url: string; bytes: number; sha256: string; role: string }[] };
  estimate: { gmacs: number; peakBytes: number; downloadBytes: number };
}

async function plan(body: object): Promise<Plan> {
  const response = await postJson(edge, PATH, body);
  const answer = (await response.json()) as Plan;
  expect(response.status, JSON.stringify(answer)).toBe(200);
  expect(response.headers.get('cache-control')).toBe('no-store');
  return answer;
}

async function countedPlans(): Promise<number> {
  const response = await edge.fetch('/v1/usage', { headers: secret });
  return ((await response.json()) as { total: { plans: number } }).total.plans;
}

test('a plan names the files, covers the image and keeps to the device', async () => {
  const device = { backend: 'wasm', memoryBytes: 2 ** 24 } as const;
  const answer = await plan({ ...image, device });
  expect(answer.planId).toMatch(/^[0-9a-f-]{36}$/);
  expect(answer.model).toMatchObject({ id: 'fast', version: card.version });
  expect(answer.model.files.map(({ role }) => role)).toEqual(['graph', 'weights-q8']);
  for (const { url } of answer.model.files) expect((await edge.fetch(url, { method: 'HEAD' })).status).toBe(200);
  assertPlanFits(answer, image.width, image.height, { halo: card.halo.measured, sizeMultiple: card.sizeMultiple });
  expect(answer.tiles.length).toBeGreaterThan(1);
  expect(answer.tile.width * answer.tile.height).toBeLessThanOrEqual(maxTilePixels(card, device));
  expect(answer.estimate).toEqual(planCost(card, answer, 'q8'));
});

test('weights come in the precision asked for', async () => {
  const { precision, model } = await plan({ ...image, precision: 'f16' });
  expect(precision).toBe('f16');
  expect(model.files.map(({ role }) => role)).toContain('weights-f16');
});

test.each([
  ['a GPU that computes in f16 over a good connection', { device: { backend: 'webgpu', shaderF16: true } }, 'f16'],
  ['a processor', { device: { backend: 'wasm' } }, 'q8'],
  ['q8 asked for', { device: { backend: 'webgpu', shaderF16: true }, precision: 'q8' }, 'q8'],
] as const)('%s gets its precision', async (_, given, expected) => {
  const { precision, model } = await plan({ ...image, ...given, connection: { downlinkMbps: 42, saveData: false } });
  expect(precision).toBe(expected);
  expect(model.files.map(({ role }) => role)).toContain(`weights-${expected}`);
});

test('a retry over a worse connection gets the plan that it had', async () => {
  const asked = { ...image, planId: randomUUID(), device: { backend: 'webgpu', shaderF16: true } };
  const first = await plan({ ...asked, connection: { downlinkMbps: 42 } });
  expect(await plan({ ...asked, connection: { saveData: true } })).toEqual(first);
});

test('a retry with its id gets the same plan, and counts once', async () => {
  const planId = randomUUID();
  const before = await countedPlans();
  const first = await plan({ ...image, planId, device: { backend: 'wasm' } });
  expect(await plan({ ...image, planId, device: { backend: 'wasm' } })).toEqual(first);
  // the device may have changed its mind since, the plan has not
  expect(await plan({ ...image, planId: planId.toUpperCase(), device: { backend: 'cpu' } })).toEqual(first);
  expect(await countedPlans()).toBe(before + 1);
});

test('many at once with one id count once', async () => {
  const planId = randomUUID();
  const before = await countedPlans();
  await Promise.all(Array.from({ length: 20 }, () => plan({ ...image, planId })));
  expect(await countedPlans()).toBe(before + 1);
});

test('an id that stands for another image is refused, and counts nothing', async () => {
  const planId = randomUUID();
  await plan({ ...image, planId });
  const before = await countedPlans();
  const problem = await expectProblem(
    await postJson(edge, PATH, { ...image, width: 1201, planId }),
    400,
    'bad-request',
  );
  expect(problem.received).toContain('1200 x 800');
  expect(await countedPlans()).toBe(before);
});

test('a browser may send it as text, without a preflight, from any page', async () => {
  const response = await postJson(edge, PATH, image, { 'content-type': 'text/plain', origin: 'https://example.com' });
  expect(response.status).toBe(200);
  expect(response.headers.get('access-control-allow-origin')).toBe('https://example.com');
  expect(response.headers.get('vary')).toContain('Origin');
});

test('a preflight is answered', async () => {
  const response = await edge.fetch('/v1/plans', {
    method: 'OPTIONS',
    headers: {
      origin: 'https://example.com',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });
  expect(response.status).toBe(204);
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(response.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('authorization');
  expect(response.headers.get('access-control-allow-methods')).toContain('POST');
  expect(response.headers.get('access-control-allow-credentials')).toBeNull();
});

/** px: a window that answers for one step in each direction. */
const smallestTile =
  (2 * Math.ceil(card.halo.measured / card.sizeMultiple) * card.sizeMultiple + card.sizeMultiple) ** 2;

/** What is wrong: the body that has it, and the field that the answer has to name. */
const WRONG: Record<string, [body: unknown, expected: RegExp]> = {
  'a width of 0': [{ ...image, width: 0 }, /^width/],
  'a negative height': [{ ...image, height: -5 }, /^height/],
  'a fraction': [{ ...image, width: 100.5 }, /^width/],
  'a billion': [{ ...image, width: 1e9 }, /^width/],
  'a number as text': [{ ...image, width: '1200' }, /^width/],
  'no height': [{ model: 'fast', width: 10 }, /^height/],
  'a height of null': [{ ...image, height: null }, /^height/],
  'too many pixels': [{ ...image, width: 65535, height: 65535 }, /pixels/],
  'five channels': [{ ...image, channels: 5 }, /^channels/],
  'no model': [{ width: 10, height: 10 }, /^model/],
  'a path for a model': [{ ...image, model: '../fast' }, /^model/],
  'an id that is no UUID': [{ ...image, planId: 'mine' }, /^planId/],
  'a device that is text': [{ ...image, device: 'gpu' }, /^device/],
  'an unknown backend': [{ ...image, device: { backend: 'abacus' } }, /^device\.backend/],
  'memory below zero': [{ ...image, device: { memoryBytes: -1 } }, /^device\.memoryBytes/],
  'no room for one tile': [{ ...image, device: { memoryBytes: 1000 } }, /pixels per tile/],
  'millions of tiles': [
    { ...image, width: 65535, height: 4096, device: { memoryBytes: smallestTile * card.memory.peakBytesPerPixel } },
    /tiles/,
  ],
  'a connection that is text': [{ ...image, connection: '4g' }, /^connection/],
  'a connection slower than none': [{ ...image, connection: { downlinkMbps: -1 } }, /^connection\.downlinkMbps/],
  'an array': [[], /object/],
  'a number': ['7', /object/],
  'broken JSON': ['{"model":', /JSON/],
  'an empty body': ['', /JSON/],
  'bytes that are no text': ['\ud800', /JSON/],
};

test.each(Object.entries(WRONG))('%s is refused at once', async (_, [body, expected]) => {
  const started = performance.now();
  const problem = await expectProblem(await postJson(edge, PATH, body), 400, 'bad-request');
  expect(performance.now() - started).toBeLessThan(1000);
  expect(problem.expected).toMatch(expected);
  expect(String(problem.received).length).toBeLessThan(200);
});

test('an unknown model is not found', async () => {
  const problem = await expectProblem(await postJson(edge, PATH, { ...image, model: 'best@7.0.0' }), 404, 'not-found');
  expect(problem.expected).toContain(`fast@${card.version}`);
});

test('a body that is far too long is refused, with and without a Content-Length', async () => {
  const long = JSON.stringify({ ...image, padding: 'x'.repeat(2 ** 20) });
  await expectProblem(await postJson(edge, PATH, long), 400, 'bad-request');
  const stream = new Blob([long]).stream();
  const response = await edge.fetch(PATH, { method: 'POST', body: stream as never, duplex: 'half' });
  await expectProblem(response, 400, 'bad-request');
  await plan(image);
});
