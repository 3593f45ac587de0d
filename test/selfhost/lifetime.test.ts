import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { plainPng } from '../hostile/png.ts';
import { BY_NPM, NodeServer } from './server.ts';

const servers: NodeServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function start(environment: Record<string, string | number> = {}): Promise<NodeServer> {
  const server = await NodeServer.start(environment);
  servers.push(server);
  return server;
}

const ADMIN_TOKEN = 'only-for-tests';
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

const plan = (server: NodeServer, planId: string = randomUUID(), key = 'sk_local') =>
  server.fetch('/v1/plans', {
    method: 'POST',
    headers: bearer(key),
    body: JSON.stringify({ model: 'fast', width: 640, height: 480, planId }),
  });

const denoise = (server: NodeServer, file: Uint8Array<ArrayBuffer>, query = '') =>
  server.fetch(`/v1/denoise${query}`, {
    method: 'POST',
    headers: { ...bearer('sk_local'), 'content-type': 'image/png' },
    body: file,
  });

async function total(server: NodeServer, key = 'sk_local') {
  const answer = await server.fetch('/v1/usage', { headers: bearer(key) });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { total: { plans: number; edgeDenoises: number } }).total;
}

async function createSite(server: NodeServer) {
  const body = JSON.stringify({ name: 'Shop', origins: ['https://shop.example'] });
  const answer = await server.fetch('/v1/sites', { method: 'POST', headers: bearer(ADMIN_TOKEN), body });
  expect(answer.status).toBe(201);
  return (await answer.json()) as { id: string; secretKey: string };
}

test('a restart keeps sites, keys and usage', async () => {
  const server = await start({ ADMIN_TOKEN });
  const site = await createSite(server);
  expect((await plan(server, randomUUID(), site.secretKey)).status).toBe(200);
  expect((await denoise(server, plainPng(8, 8))).status).toBe(200);
  expect(await server.signal('SIGTERM')).toBe(0);
  await server.start();
  expect(await total(server, site.secretKey)).toMatchObject({ plans: 1, edgeDenoises: 0 });
  expect(await total(server)).toMatchObject({ plans: 0, edgeDenoises: 1 });
  const list = await server.fetch('/v1/sites', { headers: bearer(ADMIN_TOKEN) });
  expect(await list.json()).toMatchObject({ sites: [{ id: site.id, name: 'Shop' }] });
});

test('what was answered is kept, when the process is killed right after', async () => {
  const server = await start({ ADMIN_TOKEN });
  const site = await createSite(server);
  const answered: string[] = [];
  const ask = async () => {
    while (server.running) {
      const id = randomUUID();
      const answer = await plan(server, id, site.secretKey).catch(() => undefined);
      if (answer?.ok) answered.push(id);
    }
  };
  const asking = Array.from({ length: 4 }, ask);
  await expect.poll(() => answered.length, { timeout: 10_000, interval: 5 }).toBeGreaterThan(20);
  expect(await server.signal('SIGKILL')).toBe('SIGKILL');
  await Promise.all(asking);
  await server.start();
  const { plans } = await total(server, site.secretKey);
  expect(plans).toBeGreaterThanOrEqual(answered.length);
  // each of them is known: said again, it is not counted again
  for (const id of answered) expect((await plan(server, id, site.secretKey)).status).toBe(200);
  expect((await total(server, site.secretKey)).plans).toBe(plans);
});

test('on SIGTERM what runs ends, and nothing is left open', async () => {
  const server = await start();
  const running = denoise(server, plainPng(256, 256), '?sigma=25').then(async (answer) => {
    return { status: answer.status, bytes: (await answer.arrayBuffer()).byteLength };
  });
  // until the thread has it
  await sleep(50);
  const [answer, code] = await Promise.all([running, server.signal('SIGTERM')]);
  expect(answer.status).toBe(200);
  expect(answer.bytes).toBeGreaterThan(0);
  expect(code).toBe(0);
  // a database that was closed has no log beside it
  expect(existsSync(`${server.site('local')}-wal`)).toBe(false);
  await server.start();
  expect((await total(server)).edgeDenoises).toBe(1);
});

test('npm that is told to stop leaves no server behind', async () => {
  const server = await NodeServer.start({}, BY_NPM);
  servers.push(server);
  expect((await plan(server)).status).toBe(200);
  await server.signal('SIGTERM');
  await expect.poll(() => existsSync(`${server.site('local')}-wal`), { timeout: 10_000 }).toBe(false);
  await expect(server.fetch('/healthz')).rejects.toThrow('fetch failed');
});

test('a plan is answered while an image is denoised', async () => {
  const side = 512;
  const server = await start({ EDGE_MAX_PIXELS: side ** 2 });
  await denoise(server, plainPng(8, 8), '?sigma=25');
  const order: string[] = [];
  const image = denoise(server, plainPng(side, side), '?sigma=25').then(({ status }) => order.push(`image ${status}`));
  await sleep(20);
  const answers = Array.from({ length: 3 }, () => plan(server).then(() => order.push('plan')));
  await Promise.all([image, ...answers]);
  expect(order).toEqual(['plan', 'plan', 'plan', 'image 200']);
});

test('a second server on the same folder does not start', async () => {
  const first = await start();
  const second = new NodeServer(first.folder);
  await expect(second.start()).rejects.toThrow('another server uses');
  expect((await plan(first)).status).toBe(200);
});

test('the days of a site reach the reports, also when they were not copied before the end', async () => {
  const server = await start();
  await plan(server);
  const days = () => server.query('reports.db', 'SELECT site, day, kind, count FROM usage_days');
  expect(days()).toEqual([]);
  await server.signal('SIGKILL');
  await server.start();
  const day = new Date().toISOString().slice(0, 10);
  await expect.poll(days, { timeout: 10_000 }).toEqual([{ site: 'local', day, kind: 'plan', count: 1 }]);
});

test('single events end after the retention, their totals stay', async () => {
  const server = await start({ RETENTION_DAYS: 15, ROLLUP_SECONDS: 1 });
  await plan(server);
  await server.signal('SIGTERM');
  const DAY = 24 * 3600 * 1000;
  server.query('sites/local.db', 'UPDATE events SET at = at - ? RETURNING id', 16 * DAY);
  await server.start();
  await expect.poll(() => server.query('sites/local.db', 'SELECT id FROM events'), { timeout: 10_000 }).toEqual([]);
  expect((await total(server)).plans).toBe(1);
});
