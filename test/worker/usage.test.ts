import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
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
  await edge.harness.getWorker().evictDurableObject('SITES', { name: 'local' });
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

test('what is stored holds neither pixels nor names nor addresses', async () => {
  const { planId } = await newPlan(64, 64);
  await postPng(edge, plainPng(8, 8), '?sigma=10');
  await beacon({ ...outcome, planId, file: 'holiday.png' });
  const storage = await edge.harness.getWorker().getDurableObjectStorage('SITES', { name: 'local' });
  const rows = (await storage.exec('SELECT * FROM events')) as Record<string, unknown>[];
  const fields = 'at bytes device format height id kind model precision tiles version width'.split(' ');
  for (const row of rows) expect(Object.keys(row).sort()).toEqual(fields);
  const [kept] = (await storage.exec('SELECT * FROM outcomes')) as Record<string, unknown>[];
  expect(Object.keys(kept ?? {}).sort()).toEqual('adapter at backend milliseconds outcome plan_id tiles'.split(' '));
});
