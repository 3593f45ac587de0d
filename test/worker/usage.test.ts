import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { UsageReport } from '../../worker/usage/report.ts';
import { plainPng } from '../hostile/png.ts';
import { type Edge, startEdge } from './harness.ts';
import { expectProblem, postJson, postPng, secret } from './requests.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());

const today = () => new Date().toISOString().slice(0, 10);

async function report(query = ''): Promise<UsageReport> {
  const response = await edge.fetch(`/v1/usage${query}`, { headers: secret });
  expect(response.status).toBe(200);
  expect(response.headers.get('cache-control')).toBe('no-store');
  return (await response.json()) as UsageReport;
}

async function newPlan(width: number, height: number, planId: string = randomUUID()) {
  const response = await postJson(edge, '/v1/plans?key=pk_local', { planId, model: 'fast', width, height });
  return (await response.json()) as { planId: string; tiles: object[]; estimate: { downloadBytes: number } };
}

const outcome = { backend: 'wasm', adapter: '', tiles: 3, milliseconds: 812.5, outcome: 'ok' };
const beacon = (body: object) => postJson(edge, '/v1/usage?key=pk_local', body, { 'content-type': 'text/plain' });

test('a new site has used nothing', async () => {
  const nothing = { plans: 0, edgeDenoises: 0, megapixels: 0, tiles: 0, bytesPlanned: 0, outcomes: {} };
  expect(await report()).toMatchObject({ to: today(), total: nothing, days: [] });
});

test('plans, edge denoises and outcomes add up, by day and in total', async () => {
  const first = await newPlan(1000, 500);
  const second = await newPlan(3000, 2000);
  expect((await postPng(edge, plainPng(50, 40), '?sigma=10')).status).toBe(200);
  await beacon({ ...outcome, planId: first.planId });
  await beacon({ ...outcome, planId: second.planId, backend: 'tfjs-webgpu', outcome: 'aborted', adapter: 'apple m4' });
  const totals = {
    plans: 2,
    edgeDenoises: 1,
    megapixels: 0.5 + 6 + 0.002,
    tiles: first.tiles.length + second.tiles.length + 1,
    bytesPlanned: first.estimate.downloadBytes + second.estimate.downloadBytes,
    outcomes: { wasm: { ok: 1 }, 'tfjs-webgpu': { aborted: 1 } },
  };
  const { total, days } = await report();
  expect(total).toEqual(totals);
  expect(days).toEqual([{ day: today(), ...totals }]);
  // what was recorded is on disk, not in the object's memory
  await edge.forget('local');
  expect((await report()).total).toEqual(totals);
});

test('an outcome counts once, whatever is said the second time', async () => {
  const { planId } = await newPlan(64, 64);
  const before = (await report()).total.outcomes;
  const answers = [];
  for (const body of [
    { ...outcome, planId },
    { ...outcome, planId, outcome: 'failed' },
  ]) {
    const response = await beacon(body);
    expect(response.status).toBe(202);
    answers.push(await response.json());
  }
  expect(answers).toEqual([{ counted: true }, { counted: false }]);
  const { wasm } = (await report()).total.outcomes;
  expect(wasm).toEqual({ ok: (before.wasm?.ok ?? 0) + 1 });
});

test('an outcome of a plan that nobody made counts nothing', async () => {
  const before = await report();
  await expectProblem(await beacon({ ...outcome, planId: randomUUID() }), 404, 'not-found');
  expect(await report()).toEqual(before);
});

test.each([
  ['no planId', { planId: undefined }, /^planId/],
  ['an unknown backend', { backend: 'abacus' }, /^backend/],
  ['an unknown outcome', { outcome: 'great' }, /^outcome/],
  ['tiles below zero', { tiles: -1 }, /^tiles/],
  ['milliseconds as text', { milliseconds: 'fast' }, /^milliseconds/],
  ['an adapter that is an essay', { adapter: 'x'.repeat(129) }, /^adapter/],
])('a beacon with %s is refused', async (_, wrong, expected) => {
  const problem = await expectProblem(await beacon({ ...outcome, planId: randomUUID(), ...wrong }), 400, 'bad-request');
  expect(problem.expected).toMatch(expected);
});

test('requests that fail count nothing', async () => {
  const before = await report();
  await postPng(edge, plainPng(4, 4), '?sigma=99');
  await postPng(edge, plainPng(4, 4).subarray(0, 60) as Uint8Array<ArrayBuffer>);
  await postPng(edge, plainPng(300, 300));
  await postJson(edge, '/v1/plans?key=pk_local', { model: 'fast', width: 0, height: 1 });
  expect(await report()).toEqual(before);
});

test('a report covers the days asked for, both ends included', async () => {
  await newPlan(64, 64);
  expect((await report(`?from=${today()}&to=${today()}`)).total.plans).toBeGreaterThan(0);
  expect((await report('?from=2020-01-01&to=2020-12-31')).total.plans).toBe(0);
});

test.each([
  'from=yesterday',
  'from=2026-02-30',
  'from=2026-03-02&to=2026-03-01',
  'from=2020-01-01&to=2026-01-01',
  'from=',
])('a period of %s is refused', async (query) => {
  await expectProblem(await edge.fetch(`/v1/usage?${query}`, { headers: secret }), 400, 'bad-request');
});

const alone = { model: 'fast', width: 400, height: 300, device: { backend: 'wasm' } };

test('a plan that was made without the edge is counted with its outcome, once', async () => {
  const planId = randomUUID();
  const before = (await report()).total;
  for (const counted of [true, false, false]) {
    const response = await beacon({ ...outcome, planId, plan: alone });
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ counted });
  }
  const { plans, megapixels } = (await report()).total;
  expect(plans).toBe(before.plans + 1);
  expect(megapixels).toBeCloseTo(before.megapixels + 0.12, 9);
  // a retry of the plan itself is the same plan
  const again = await postJson(edge, '/v1/plans?key=pk_local', { ...alone, planId });
  expect(again.status).toBe(200);
  expect((await report()).total.plans).toBe(before.plans + 1);
  // and of another image it is refused
  await expectProblem(await beacon({ ...outcome, planId, plan: { ...alone, width: 1 } }), 400, 'bad-request');
});

test('two tabs that report the same plan at the same time count it once', async () => {
  const planId = randomUUID();
  const before = (await report()).total;
  const tell = async () => (await (await beacon({ ...outcome, planId, plan: alone })).json()) as object;
  const answers = await Promise.all(Array.from({ length: 12 }, tell));
  expect(answers.filter((answer) => 'counted' in answer && answer.counted)).toHaveLength(1);
  expect((await report()).total.plans).toBe(before.plans + 1);
});

test.each([
  ['of no model', { width: 10, height: 10 }, /^plan\.model/],
  ['of no size', { model: 'fast' }, /^plan\.width/],
  ['that is text', 'fast', /^plan/],
])('a plan %s is refused', async (_, plan, expected) => {
  const problem = await expectProblem(await beacon({ ...outcome, planId: randomUUID(), plan }), 400, 'bad-request');
  expect(problem.expected).toMatch(expected);
});

test('totals come by model and by backend too, and add up', async () => {
  const { total } = await report();
  const { models = [] } = await report('?by=model');
  expect(models.map(({ model }) => model)).toContain('fast');
  for (const field of ['plans', 'edgeDenoises', 'tiles', 'bytesPlanned'] as const) {
    expect(models.reduce((sum, row) => sum + row[field], 0)).toBe(total[field]);
  }
  const { backends = [] } = await report('?by=backend');
  expect(Object.fromEntries(backends.map(({ backend, outcomes }) => [backend, outcomes]))).toEqual(total.outcomes);
  expect(backends.every(({ milliseconds }) => milliseconds > 0)).toBe(true);
});

describe('as CSV', () => {
  const csv = async (query: string, accept?: string) => {
    const headers = { ...secret, ...(accept && { accept }) };
    const response = await edge.fetch(`/v1/usage${query}`, { headers });
    expect(response.headers.get('content-type')).toMatch(/^text\/csv/);
    expect(response.headers.get('content-disposition')).toContain('.csv');
    return (await response.text()).split('\r\n');
  };

  test('it has the same figures', async () => {
    const { plans, edgeDenoises, megapixels, tiles, bytesPlanned } = (await report()).total;
    const [head, row, ...rest] = await csv('?format=csv');
    expect(head).toBe('day,plans,edgeDenoises,megapixels,tiles,bytesPlanned,ok,failed,aborted');
    expect(row).toContain([today(), plans, edgeDenoises, megapixels, tiles, bytesPlanned].join(','));
    expect(rest).toEqual(['']);
    expect((await csv('?format=csv&by=model'))[0]).toMatch(/^model,version,plans,/);
    expect((await csv('?format=csv&by=backend'))[0]).toBe('backend,ok,failed,aborted,tiles,milliseconds');
  });

  test('it is sent to whoever accepts nothing else', async () => {
    expect((await csv('', 'text/csv'))[0]).toMatch(/^day,/);
    const response = await edge.fetch('/v1/usage?format=json', { headers: { ...secret, accept: 'text/csv' } });
    expect(response.headers.get('content-type')).toContain('json');
  });
});

test.each(['by=week', 'format=xml'])('a report with %s is refused', async (query) => {
  await expectProblem(await edge.fetch(`/v1/usage?${query}`, { headers: secret }), 400, 'bad-request');
});
