import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestHarness, type TestHarness } from 'wrangler';
import { plainPng } from '../hostile/png.ts';
import { builtWorker, root } from '../paths.ts';
import { type Edge, edgeOf } from './harness.ts';
import { postJson } from './requests.ts';
import { ADMIN_TOKEN, askAdmin, createSite, type NewSite } from './sites.ts';

const DAY = 24 * 3600 * 1000;

let harness: TestHarness;
let edge: Edge;
beforeAll(async () => {
  // not startEdge: it makes the tables that are missing here at first
  harness = createTestHarness({
    root,
    workers: [
      {
        configPath: 'wrangler.toml',
        prebuiltWorkerDir: builtWorker,
        vars: { LOCAL_KEYS: '1', ROLLUP_SECONDS: 1, RETENTION_DAYS: 20 },
        secrets: { ADMIN_TOKEN },
      },
    ],
  });
  const { url } = await harness.listen();
  edge = edgeOf(harness, url);
});
afterAll(() => edge.close());

type Row = Record<string, unknown>;
interface Reports {
  prepare(text: string): { all(): Promise<{ results: Row[] }> };
}

async function reports(text: string): Promise<Row[]> {
  const { REPORTS } = await harness.getWorker<{ REPORTS: Reports }>().getEnv();
  return (await REPORTS.prepare(text).all()).results;
}

const storageOf = (name: string) => harness.getWorker().getDurableObjectStorage('SITES', { name });
const plan = (headers: Record<string, string>, planId: string = randomUUID()) =>
  postJson(edge, '/v1/plans', { model: 'fast', width: 100, height: 100, planId }, headers);
const local = { authorization: 'Bearer sk_local' };
const bearer = ({ secretKey }: NewSite) => ({ authorization: `Bearer ${secretKey}` });
const today = () => new Date().toISOString().slice(0, 10);

test('while the reports fail the ledger keeps what they lack, and they get it later', async () => {
  const planId = randomUUID();
  await plan(local, planId);
  await plan(local);
  await postJson(edge, '/v1/usage', { planId, backend: 'wasm', tiles: 1, milliseconds: 7, outcome: 'ok' }, local);
  const failures = () => harness.getLogs().filter(({ message }) => String(message).includes('rollup')).length;
  // there are no tables yet
  await expect.poll(failures, { timeout: 10_000 }).toBeGreaterThan(1);
  await harness.getWorker().applyD1Migrations('REPORTS');
  await expect
    .poll(() => reports("SELECT * FROM usage_days WHERE site = 'local'"), { timeout: 10_000 })
    .toEqual([
      {
        ...{ site: 'local', day: today(), kind: 'plan', model: 'fast', version: expect.any(String) },
        ...{ count: 2, px: 20_000, tiles: 2, bytes: expect.any(Number) },
      },
    ]);
  expect(await reports('SELECT backend, outcome, count, milliseconds FROM outcome_days')).toEqual([
    { backend: 'wasm', outcome: 'ok', count: 1, milliseconds: 7 },
  ]);
});

test('days are copied as they stand, however often', async () => {
  const site = await createSite(edge);
  const count = async () => (await reports(`SELECT SUM(count) AS n FROM usage_days WHERE site = '${site.id}'`))[0]?.n;
  await plan(bearer(site));
  await expect.poll(count, { timeout: 10_000 }).toBe(1);
  await plan(bearer(site));
  await edge.fetch('/v1/denoise?model=mean', {
    method: 'POST',
    body: plainPng(10, 10),
    headers: { ...bearer(site), 'content-type': 'image/png' },
  });
  await expect.poll(count, { timeout: 10_000 }).toBe(3);
  expect(await reports(`SELECT kind, count FROM usage_days WHERE site = '${site.id}' ORDER BY kind`)).toEqual([
    { kind: 'edge', count: 1 },
    { kind: 'plan', count: 2 },
  ]);
});

test('single events end with the retention, their totals stay', async () => {
  const site = await createSite(edge);
  const planId = randomUUID();
  await plan(bearer(site), planId);
  const outcome = { planId, backend: 'wasm', tiles: 1, milliseconds: 7, outcome: 'ok' };
  await postJson(edge, '/v1/usage', outcome, bearer(site));
  const storage = await storageOf(site.id);
  await storage.exec('UPDATE events SET at = ?', Date.now() - 21 * DAY);
  await storage.exec('UPDATE outcomes SET at = ?', Date.now() - 21 * DAY);
  await plan(bearer(site));
  const left = async () => [
    ...((await storage.exec('SELECT COUNT(*) AS n FROM events')) as Row[]),
    ...((await storage.exec('SELECT COUNT(*) AS n FROM outcomes')) as Row[]),
  ];
  await expect.poll(left, { timeout: 10_000 }).toEqual([{ n: 1 }, { n: 0 }]);
  const report = (await (await edge.fetch('/v1/usage', { headers: bearer(site) })).json()) as Row;
  expect(report.total).toMatchObject({ plans: 2, outcomes: { wasm: { ok: 1 } } });
});

test('a deleted site leaves nothing behind', async () => {
  const site = await createSite(edge, { name: 'goes' });
  await plan(bearer(site));
  const days = () => reports(`SELECT * FROM usage_days WHERE site = '${site.id}'`);
  await expect.poll(days, { timeout: 10_000 }).toHaveLength(1);
  await plan(bearer(site));
  await askAdmin(edge, 'DELETE', `/${site.id}`);
  expect(await days()).toEqual([]);
  const tables = (await (
    await storageOf(site.id)
  ).exec("SELECT name FROM sqlite_master WHERE type = 'table'")) as Row[];
  expect(tables.filter(({ name }) => !String(name).startsWith('_'))).toEqual([]);
  // an alarm that was set does not bring it back
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(await days()).toEqual([]);
  expect(await reports(`SELECT * FROM sites WHERE id = '${site.id}'`)).toEqual([]);
});

test('nothing personal is stored anywhere, in no column of no table', async () => {
  const site = await createSite(edge, { name: 'private', origins: ['https://shop.example'] });
  const visitor = {
    origin: 'https://shop.example',
    referer: 'https://shop.example/holiday.png',
    'user-agent': 'Sniffable/1.0',
    'cf-connecting-ip': '203.0.113.9',
    'x-forwarded-for': '203.0.113.9',
    cookie: 'visitor=me',
  };
  const planId = randomUUID();
  const secrets = { file: 'holiday.png', userAgent: 'Sniffable/1.0', connection: { downlinkMbps: 41.7 } };
  const subject = { model: 'fast', width: 100, height: 100, ...secrets };
  const device = { backend: 'wasm', memoryBytes: 2 ** 26, name: 'My-Laptop' };
  await postJson(edge, `/v1/plans?key=${site.pageKey}`, { ...subject, planId, device }, visitor);
  const beacon = { backend: 'wasm', adapter: '', tiles: 1, milliseconds: 7, outcome: 'ok', ...secrets };
  await postJson(edge, `/v1/usage?key=${site.pageKey}`, { ...beacon, planId }, visitor);
  await postJson(edge, `/v1/usage?key=${site.pageKey}`, { ...beacon, planId: randomUUID(), plan: subject }, visitor);
  await edge.fetch(`/v1/denoise?model=mean&key=${site.pageKey}`, {
    method: 'POST',
    body: plainPng(10, 10),
    headers: { ...visitor, 'content-type': 'image/png' },
  });
  await expect
    .poll(() => reports(`SELECT * FROM usage_days WHERE site = '${site.id}'`), { timeout: 10_000 })
    .toHaveLength(2);

  const storage = await storageOf(site.id);
  const tablesOf = async (rows: unknown) =>
    (rows as { name: string }[]).map(({ name }) => name).filter((name) => !/^(_|sqlite_|d1_)/.test(name));
  const list = "SELECT name FROM sqlite_master WHERE type = 'table'";
  const ledger = await tablesOf(await storage.exec(list));
  expect(ledger.sort()).toEqual(['events', 'outcome_days', 'outcomes', 'site', 'site_keys', 'usage_days']);
  const copied = await tablesOf(await reports(list));
  expect(copied.sort()).toEqual(['outcome_days', 'sites', 'usage_days']);
  const stored: Record<string, Row[]> = {};
  for (const table of ledger) stored[table] = (await storage.exec(`SELECT * FROM ${table}`)) as Row[];
  for (const table of copied) stored[`reports ${table}`] = await reports(`SELECT * FROM ${table}`);

  // the origin is a setting of the site, and stands there alone
  expect(stored.site).toHaveLength(1);
  const { site: settings, ...others } = stored;
  expect(JSON.stringify(settings)).toContain('https://shop.example');
  const everything = JSON.stringify([settings, others]);
  for (const trace of ['Sniffable', '203.0.113', 'holiday', 'visitor', 'My-Laptop', '41.7']) {
    expect(everything, trace).not.toContain(trace);
  }
  expect(JSON.stringify(others)).not.toContain('shop.example');

  const number = expect.any(Number);
  const text = expect.any(String);
  const columns: Record<string, Row> = {
    events: {
      ...{ id: expect.stringMatching(/^[0-9a-f-]{36}$/), format: 1, kind: expect.stringMatching(/^(plan|edge)$/) },
      ...{ at: number, model: expect.stringMatching(/^(fast|mean)$/), version: expect.stringMatching(/^[\d.]+$/) },
      ...{ width: number, height: number, tiles: number, bytes: number },
      precision: expect.toBeOneOf(['q8', null]),
      device: expect.toBeOneOf(['{"backend":"wasm","memoryBytes":67108864}', '{}', null]),
    },
    outcomes: {
      ...{ plan_id: expect.stringMatching(/^[0-9a-f-]{36}$/), at: number, backend: 'wasm', adapter: '' },
      ...{ tiles: 1, milliseconds: 7, outcome: 'ok' },
    },
    usage_days: {
      ...{ day: today(), kind: text, model: text, version: text, count: number, px: number, tiles: number },
      ...{ bytes: number, revision: number, rolled: number },
    },
    outcome_days: {
      ...{ day: today(), model: 'fast', version: text, backend: 'wasm', outcome: 'ok', count: 2, tiles: 2 },
      ...{ milliseconds: 14, revision: number, rolled: number },
    },
  };
  for (const [table, row] of Object.entries(columns)) {
    expect(stored[table]?.length, table).toBeGreaterThan(0);
    for (const found of stored[table] ?? []) expect(found, table).toEqual(row);
  }
  expect(Object.keys(stored['reports usage_days']?.[0] ?? {})).toEqual(
    'site day kind model version count px tiles bytes'.split(' '),
  );
  expect(Object.keys(stored['reports outcome_days']?.[0] ?? {})).toEqual(
    'site day model version backend outcome count tiles milliseconds'.split(' '),
  );
  expect(Object.keys(stored['reports sites']?.[0] ?? {})).toEqual(['id', 'name', 'created_at']);
});
