import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestHarness, unstable_readConfig } from 'wrangler';
import type { UsageReport } from '../../worker/usage/report.ts';
import { plainPng } from '../hostile/png.ts';
import { root } from '../paths.ts';
import { type Edge, edgeOf } from './harness.ts';
import { postJson } from './requests.ts';
import { ADMIN_TOKEN, askAdmin, createSite, type NewSite } from './sites.ts';

let edge: Edge;
beforeAll(async () => {
  const { compatibility_date, compatibility_flags, vars } = unstable_readConfig({ config: `${root}wrangler.toml` });
  const config = {
    name: 'away',
    main: `${root}test/worker/away-worker.ts`,
    compatibility_date: compatibility_date as string,
    compatibility_flags,
    vars: { ...vars, LOCAL_KEYS: '1', ADMIN_TOKEN },
    assets: { directory: `${root}dist`, binding: 'ASSETS', run_worker_first: true },
    durable_objects: {
      bindings: [
        { name: 'SITES', class_name: 'SiteLedger' },
        { name: 'BROKEN', class_name: 'BrokenLedger' },
        { name: 'SILENT', class_name: 'SilentLedger' },
      ],
    },
    migrations: [{ tag: 'v1', new_sqlite_classes: ['SiteLedger', 'BrokenLedger', 'SilentLedger'] }],
    d1_databases: [
      {
        binding: 'REPORTS',
        database_name: 'reports',
        database_id: 'reports',
        migrations_dir: `${root}worker/usage/migrations`,
      },
    ],
    queues: {
      producers: [{ binding: 'REPLAY', queue: 'replay' }],
      consumers: [
        { queue: 'replay', max_batch_timeout: 0, max_retries: 3, retry_delay: 1, dead_letter_queue: 'replay-dead' },
        { queue: 'replay-dead', max_batch_timeout: 0 },
      ],
    },
  };
  const harness = createTestHarness({ root, workers: [{ config }] });
  const { url } = await harness.listen();
  await harness.getWorker().applyD1Migrations('REPORTS');
  edge = edgeOf(harness, url);
});
afterAll(() => edge.close());

const turn = (what: 'ledger' | 'answers' | 'queue', how: 'on' | 'off') =>
  edge.fetch(`/test/${what}/${how}`, { method: 'POST' });
beforeEach(async () => {
  await turn('ledger', 'on');
  await turn('answers', 'on');
  await turn('queue', 'on');
});

const bearer = ({ secretKey }: NewSite) => ({ authorization: `Bearer ${secretKey}` });
const image = { model: 'fast', width: 100, height: 100 };
const plan = (site: NewSite, planId: string = randomUUID()) =>
  postJson(edge, '/v1/plans', { ...image, planId }, bearer(site));
const report = (site: NewSite, body: object) => postJson(edge, '/v1/usage', body, bearer(site));
const outcome = { backend: 'wasm', adapter: '', tiles: 1, milliseconds: 5, outcome: 'ok' };

async function total(site: NewSite): Promise<UsageReport['total']> {
  const response = await edge.fetch('/v1/usage', { headers: bearer(site) });
  return ((await response.json()) as UsageReport).total;
}

async function expectUnavailable(response: Awaited<ReturnType<Edge['fetch']>>) {
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('5');
  expect(await response.json()).toMatchObject({ type: '/problems/ledger-unavailable' });
}

test('whom the ledger let in is served on while it is away, and all of it is counted, once', async () => {
  const site = await createSite(edge);
  await plan(site);
  await turn('ledger', 'off');
  const planId = randomUUID();
  for (let i = 0; i < 3; i++) {
    const response = await plan(site, planId);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ planId, queued: true, tiles: [{ width: 100 }] });
  }
  const headers = { ...bearer(site), 'content-type': 'image/png' };
  const denoised = await edge.fetch('/v1/denoise?model=mean', { method: 'POST', body: plainPng(10, 10), headers });
  expect(denoised.status).toBe(200);
  const told = await report(site, { ...outcome, planId });
  expect(told.status).toBe(202);
  expect(await told.json()).toEqual({ counted: false, queued: true });
  await turn('ledger', 'on');
  const all = { plans: 2, edgeDenoises: 1, outcomes: { wasm: { ok: 1 } } };
  await expect.poll(() => total(site), { timeout: 20_000 }).toMatchObject(all);
  // a retry of what was queued is known now
  expect(await (await plan(site, planId)).json()).not.toHaveProperty('queued');
  expect(await total(site)).toMatchObject(all);
});

test('a ledger that does not answer is away after a while', async () => {
  const site = await createSite(edge);
  await plan(site);
  const stranger = await createSite(edge);
  await turn('answers', 'off');
  const [known, unknown] = await Promise.all([plan(site), plan(stranger)]);
  expect(known.status).toBe(200);
  expect(await known.json()).toMatchObject({ queued: true });
  await expectUnavailable(unknown);
  await turn('answers', 'on');
  await expect.poll(() => total(site), { timeout: 20_000 }).toMatchObject({ plans: 2 });
});

test('who was never let in is not while the ledger is away', async () => {
  const site = await createSite(edge);
  await turn('ledger', 'off');
  await expectUnavailable(await plan(site));
  await expectUnavailable(await report(site, { ...outcome, planId: randomUUID() }));
});

test('a page that was let in is, one of another origin is not', async () => {
  const site = await createSite(edge, { origins: ['https://a.example', 'https://b.example'] });
  const ask = (origin: string) => postJson(edge, `/v1/plans?key=${site.pageKey}`, image, { origin });
  expect((await ask('https://a.example')).status).toBe(200);
  await turn('ledger', 'off');
  const served = await ask('https://a.example');
  expect(served.status).toBe(200);
  expect(served.headers.get('access-control-allow-origin')).toBe('https://a.example');
  await expectUnavailable(await ask('https://b.example'));
  await expectUnavailable(await ask('https://c.example'));
});

test('a no ends what was let in before', async () => {
  const site = await createSite(edge);
  expect((await plan(site)).status).toBe(200);
  const secret = site.keys.find(({ kind }) => kind === 'secret');
  await askAdmin(edge, 'DELETE', `/${site.id}/keys/${secret?.id}`);
  expect((await plan(site)).status).toBe(401);
  await turn('ledger', 'off');
  await expectUnavailable(await plan(site));
});

test('without the queue nothing is served that is not recorded', async () => {
  const site = await createSite(edge);
  await plan(site);
  await turn('queue', 'off');
  expect((await plan(site)).status).toBe(200);
  await turn('ledger', 'off');
  await expectUnavailable(await plan(site));
  const headers = { ...bearer(site), 'content-type': 'image/png' };
  await expectUnavailable(
    await edge.fetch('/v1/denoise?model=mean', { method: 'POST', body: plainPng(10, 10), headers }),
  );
  await turn('ledger', 'on');
  expect(await total(site)).toMatchObject({ plans: 2, edgeDenoises: 0 });
});

test('figures come from the ledger or not at all', async () => {
  const site = await createSite(edge);
  await total(site);
  await turn('ledger', 'off');
  await expectUnavailable(await edge.fetch('/v1/usage', { headers: bearer(site) }));
  expect((await edge.fetch('/v1/models')).status).toBe(200);
});

test('an outcome of a plan that is only in the queue waits for it there', async () => {
  const site = await createSite(edge);
  const [planId, unknown] = [randomUUID(), randomUUID()];
  await plan(site);
  await turn('ledger', 'off');
  await plan(site, planId);
  // the replay fails as well by now, and tries again
  await turn('ledger', 'on');
  expect((await report(site, { ...outcome, planId })).status).toBe(202);
  expect((await report(site, { ...outcome, planId: unknown })).status).toBe(404);
  await expect.poll(() => total(site), { timeout: 20_000 }).toMatchObject({ plans: 2, outcomes: { wasm: { ok: 1 } } });
});

test('what is deleted meanwhile is not made again, and what cannot be read goes to the dead letters', async () => {
  const site = await createSite(edge);
  await plan(site);
  await turn('ledger', 'off');
  await plan(site);
  await turn('ledger', 'on');
  await askAdmin(edge, 'DELETE', `/${site.id}`);
  const poison = { format: 99, site: site.id, event: { kind: 'plan' } };
  const broken = { format: 1, site: (await createSite(edge)).id, event: { kind: 'plan', id: 'x', at: 1 } };
  for (const body of [poison, broken]) await postJson(edge, '/test/send', body);
  const dead = async () => (await (await edge.fetch('/test/dead')).json()) as unknown[];
  await expect.poll(dead, { timeout: 20_000 }).toEqual(expect.arrayContaining([poison, broken]));
  expect(await dead()).toHaveLength(2);
  expect((await plan(site)).status).toBe(401);
});
