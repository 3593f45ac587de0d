import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { plainPng } from '../hostile/png.ts';
import { type Edge, startEdge } from './harness.ts';
import { postJson } from './requests.ts';
import { ADMIN_TOKEN, askAdmin, createSite, type NewSite } from './sites.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge({ secrets: { ADMIN_TOKEN } });
});
afterAll(() => edge.close());

const bearer = ({ secretKey }: NewSite) => ({ authorization: `Bearer ${secretKey}` });
const plan = (site: NewSite, side: number, planId: string = randomUUID()) =>
  postJson(edge, '/v1/plans', { model: 'fast', width: side, height: side, planId }, bearer(site));
const denoise = (site: NewSite, query = '', file = plainPng(20, 10)) =>
  edge.fetch(`/v1/denoise?model=mean${query}`, {
    method: 'POST',
    body: file,
    headers: { ...bearer(site), 'content-type': 'image/png' },
  });
const codes = (responses: { status: number }[]) => responses.map(({ status }) => status).sort();
const month = async ({ id }: NewSite) =>
  ((await (await askAdmin(edge, 'GET', `/${id}`)).json()) as { month: object }).month;

async function expectQuota(response: Awaited<ReturnType<Edge['fetch']>>, quota: string) {
  expect(response.status).toBe(429);
  const problem = (await response.json()) as { type: string; quota: string; resets: string };
  expect(problem).toMatchObject({ type: '/problems/quota-exceeded', quota });
  const now = new Date();
  expect(Date.parse(problem.resets)).toBe(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1));
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
}

test('megapixels of a month are enough for what fits and no more; a repeat is answered', async () => {
  const site = await createSite(edge, { monthlyMegapixels: 0.05 });
  const planId = randomUUID();
  expect((await plan(site, 200, planId)).status).toBe(200);
  await expectQuota(await plan(site, 200), 'monthlyMegapixels');
  expect((await plan(site, 200, planId)).status).toBe(200);
  expect((await plan(site, 100)).status).toBe(200);
  expect(await month(site)).toEqual({ megapixels: 0.05, denoises: 0 });
  await expectQuota(await denoise(site), 'monthlyMegapixels');
  await askAdmin(edge, 'PATCH', `/${site.id}`, { monthlyMegapixels: null });
  expect((await plan(site, 200)).status).toBe(200);
});

test('many at once do not all get the last place', async () => {
  const site = await createSite(edge, { monthlyMegapixels: 0.03, monthlyDenoises: 2 });
  expect(codes(await Promise.all(Array.from({ length: 8 }, () => plan(site, 100))))).toEqual([
    ...[200, 200, 200, 429, 429, 429, 429, 429],
  ]);
  await askAdmin(edge, 'PATCH', `/${site.id}`, { monthlyMegapixels: null });
  const answers = await Promise.all(Array.from({ length: 6 }, () => denoise(site)));
  expect(codes(answers)).toEqual([200, 200, 429, 429, 429, 429]);
  expect(await month(site)).toMatchObject({ denoises: 2 });
});

test('a denoise that fails takes no place', async () => {
  const site = await createSite(edge, { monthlyDenoises: 1 });
  expect((await denoise(site, '&sigma=999')).status).toBe(400);
  expect((await denoise(site, '', plainPng(20, 10).subarray(0, 40) as Uint8Array<ArrayBuffer>)).status).toBe(400);
  expect((await denoise(site)).status).toBe(200);
  await expectQuota(await denoise(site), 'monthlyDenoises');
});

test('a denoise with an id counts once, also over quota', async () => {
  const site = await createSite(edge, { monthlyDenoises: 1 });
  const planId = randomUUID();
  expect((await denoise(site, `&planId=${planId}`)).status).toBe(200);
  expect((await denoise(site, `&planId=${planId.toUpperCase()}`)).status).toBe(200);
  expect(await month(site)).toEqual({ megapixels: 0.0002, denoises: 1 });
  // under the same id another image would be hidden
  expect((await denoise(site, `&planId=${planId}`, plainPng(30, 10))).status).toBe(400);
  expect((await denoise(site, '&planId=mine')).status).toBe(400);
});

test('an id is of a plan or of a denoise, not of both', async () => {
  const site = await createSite(edge);
  const [planned, denoised] = [randomUUID(), randomUUID()];
  await plan(site, 10, planned);
  await denoise(site, `&planId=${denoised}`);
  expect((await denoise(site, `&planId=${planned}`)).status).toBe(400);
  expect((await plan(site, 10, denoised)).status).toBe(400);
  const outcome = { planId: denoised, backend: 'wasm', tiles: 1, milliseconds: 1, outcome: 'ok' };
  expect((await postJson(edge, '/v1/usage', outcome, bearer(site))).status).toBe(404);
  const withPlan = { ...outcome, plan: { model: 'fast', width: 10, height: 10 } };
  expect((await postJson(edge, '/v1/usage', withPlan, bearer(site))).status).toBe(400);
  expect(await month(site)).toEqual({ megapixels: 0.0003, denoises: 1 });
});

test('over the rate a request waits, and then passes', async () => {
  const site = await createSite(edge, { requestsPerMinute: 60, monthlyMegapixels: 1 });
  const answers = await Promise.all(Array.from({ length: 70 }, () => plan(site, 10)));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(answers.length - refused.length).toBeGreaterThanOrEqual(60);
  const [last] = refused;
  expect(await last?.json()).toMatchObject({ type: '/problems/rate-limited' });
  expect(Number(last?.headers.get('retry-after'))).toBe(1);
  await expect.poll(async () => (await plan(site, 10)).status, { interval: 1100, timeout: 6000 }).toBe(200);
});

test('who has no key takes nothing from those who have', async () => {
  const site = await createSite(edge, { requestsPerMinute: 5 });
  const forged = { authorization: `Bearer ${site.secretKey.slice(0, -1)}${site.secretKey.endsWith('0') ? '1' : '0'}` };
  for (let i = 0; i < 8; i++) {
    expect((await postJson(edge, '/v1/plans', { model: 'fast', width: 9, height: 9 }, forged)).status).toBe(401);
  }
  expect((await plan(site, 10)).status).toBe(200);
});
