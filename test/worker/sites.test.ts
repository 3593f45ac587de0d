import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Edge, startEdge } from './harness.ts';
import { postJson } from './requests.ts';
import { ADMIN_TOKEN, askAdmin, createSite, type NewSite } from './sites.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge({ secrets: { ADMIN_TOKEN } });
});
afterAll(() => edge.close());

const image = { model: 'fast', width: 100, height: 100 };

const fromPage = (key: string, origin?: string) =>
  postJson(edge, `/v1/plans?key=${key}`, image, origin === undefined ? {} : { origin });
const fromServer = (key: string) => postJson(edge, '/v1/plans', image, { authorization: `Bearer ${key}` });

async function codeOf(response: Awaited<ReturnType<Edge['fetch']>>) {
  const { type = '' } = (await response.json()) as { type?: string };
  return type.split('/').at(-1);
}

describe('who may', () => {
  test('without an ADMIN_TOKEN there is nothing at these addresses', async () => {
    const ownerless = await startEdge();
    const answers = await Promise.all(
      ['/v1/sites', '/v1/nothing'].map(async (path) => {
        const response = await ownerless.fetch(path, { headers: { authorization: 'Bearer ' } });
        return { status: response.status, ...((await response.json()) as object), received: '', requestId: '' };
      }),
    );
    await ownerless.close();
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toMatchObject({ status: 404 });
  });

  test.each([
    ['no token', undefined],
    ['another token', 'Bearer another'],
    ['a longer one', `Bearer ${ADMIN_TOKEN}x`],
    ["a site's secret key", 'Bearer sk_local'],
  ])('%s is refused', async (_, authorization) => {
    for (const method of ['GET', 'POST']) {
      const response = await edge.fetch('/v1/sites', { method, headers: authorization ? { authorization } : {} });
      expect(response.status).toBe(401);
      expect(await codeOf(response)).toBe('unauthorized');
    }
  });

  test('no page may read the answers', async () => {
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, origin: 'https://a.example' };
    const response = await edge.fetch('/v1/sites', { headers });
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });
});

test('a site is created, listed, shown, changed and deleted', async () => {
  const site = await createSite(edge, { name: '  Bäckerei 北京 🥐 ', origins: ['https://A.example/'] });
  expect(site).toMatchObject({ name: 'Bäckerei 北京 🥐', origins: ['https://a.example'], monthlyDenoises: null });
  expect(site.pageKey).toContain(`pk_${site.id}_`);
  expect(site.secretKey).toContain(`sk_${site.id}_`);

  const list = (await (await askAdmin(edge, 'GET')).json()) as { sites: { id: string; name: string }[] };
  expect(list.sites).toContainEqual(expect.objectContaining({ id: site.id, name: 'Bäckerei 北京 🥐' }));

  expect((await fromServer(site.secretKey)).status).toBe(200);
  const changed = await askAdmin(edge, 'PATCH', `/${site.id}`, { name: 'Bakery', monthlyMegapixels: 7.5 });
  expect(await changed.json()).toMatchObject({
    name: 'Bakery',
    origins: ['https://a.example'],
    monthlyMegapixels: 7.5,
  });
  const shown = await (await askAdmin(edge, 'GET', `/${site.id}`)).json();
  expect(shown).toMatchObject({ name: 'Bakery', month: { megapixels: 0.01, denoises: 0 } });
  // the page's key is public; of the secret one nothing comes back that could be used
  expect(JSON.stringify(shown)).toContain(site.pageKey);
  expect(JSON.stringify(shown)).not.toContain(site.secretKey.slice(0, 40));

  expect((await askAdmin(edge, 'DELETE', `/${site.id}`)).status).toBe(204);
  expect(await codeOf(await fromServer(site.secretKey))).toBe('unauthorized');
  expect((await askAdmin(edge, 'GET', `/${site.id}`)).status).toBe(404);
  expect((await askAdmin(edge, 'DELETE', `/${site.id}`)).status).toBe(404);
  expect(JSON.stringify(await (await askAdmin(edge, 'GET')).json())).not.toContain(site.id);
});

test('a secret key is stored as its hash alone', async () => {
  const { id, secretKey } = await createSite(edge);
  const rows = JSON.stringify(await edge.rows(id, 'SELECT * FROM site_keys'));
  expect(rows).not.toContain(secretKey.slice(-32));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secretKey)));
  expect(rows).toContain(Buffer.from(digest).toString('hex'));
});

describe('keys', () => {
  const rotate = async ({ id }: NewSite, body: object) => {
    const response = await askAdmin(edge, 'POST', `/${id}/keys`, body);
    expect(response.status).toBe(201);
    return (await response.json()) as { id: string; key: string };
  };

  test('a rotated key stays good for the time that was asked for', async () => {
    const site = await createSite(edge);
    const second = await rotate(site, { kind: 'secret', overlapHours: 1.5 / 3600 });
    expect((await fromServer(site.secretKey)).status).toBe(200);
    expect((await fromServer(second.key)).status).toBe(200);
    await expect.poll(async () => (await fromServer(site.secretKey)).status, { timeout: 8000 }).toBe(401);
    expect((await fromServer(second.key)).status).toBe(200);
  });

  test('unless told that is a day, and 0 is none', async () => {
    const site = await createSite(edge, { origins: ['https://a.example'] });
    const { key } = await rotate(site, { kind: 'page' });
    const shown = (await (await askAdmin(edge, 'GET', `/${site.id}`)).json()) as NewSite;
    const [old] = shown.keys.filter(({ kind, goodUntil }) => kind === 'page' && goodUntil !== null);
    const hours = (Date.parse(old?.goodUntil ?? '') - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(23.9);
    expect(hours).toBeLessThanOrEqual(24);
    const last = await rotate(site, { kind: 'page', overlapHours: 0 });
    for (const ended of [site.pageKey, key]) {
      expect(await codeOf(await fromPage(ended, 'https://a.example'))).toBe('unauthorized');
    }
    expect((await fromPage(last.key, 'https://a.example')).status).toBe(200);
    // the other kind is another key
    expect((await fromServer(site.secretKey)).status).toBe(200);
  });

  test('a revoked key is over at once, the others are not', async () => {
    const site = await createSite(edge);
    const second = await rotate(site, { kind: 'secret' });
    const first = site.keys.find(({ kind }) => kind === 'secret');
    expect((await fromServer(site.secretKey)).status).toBe(200);
    expect((await askAdmin(edge, 'DELETE', `/${site.id}/keys/${first?.id}`)).status).toBe(204);
    expect(await codeOf(await fromServer(site.secretKey))).toBe('unauthorized');
    expect((await fromServer(second.key)).status).toBe(200);
    expect((await askAdmin(edge, 'DELETE', `/${site.id}/keys/${first?.id}`)).status).toBe(404);
  });

  test("a key is no other site's", async () => {
    const [one, two] = [await createSite(edge), await createSite(edge)];
    const mixed = one.secretKey.replace(one.id, two.id);
    expect(await codeOf(await fromServer(mixed))).toBe('unauthorized');
  });

  test('whoever guesses at sites leaves no trace', async () => {
    for (let i = 0; i < 3; i++) {
      const id = `s${String(i).repeat(20)}`;
      expect(await codeOf(await fromServer(`sk_${id}_${'a'.repeat(64)}`))).toBe('unauthorized');
      const tables = (await edge.rows(id, "SELECT name FROM sqlite_master WHERE type = 'table'")) as { name: string }[];
      expect(tables.filter(({ name }) => !name.startsWith('_'))).toEqual([]);
    }
  });
});

describe('origins', () => {
  let site: NewSite;
  beforeAll(async () => {
    site = await createSite(edge, {
      origins: ['https://a.example', 'https://*.b.example', 'http://localhost:3000', 'https://bücher.example'],
    });
  });

  test.each([
    'https://a.example',
    'https://www.b.example',
    'https://deep.er.b.example',
    'http://localhost:3000',
    'https://xn--bcher-kva.example',
  ])('a page of %s may', async (origin) => {
    const response = await fromPage(site.pageKey, origin);
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(response.headers.get('vary')).toContain('Origin');
  });

  test.each([
    ['another scheme', 'http://a.example'],
    ['another port', 'https://a.example:8443'],
    ['a name below one that stands for itself', 'https://www.a.example'],
    ['what a wildcard stands below', 'https://b.example'],
    ['a name that only ends alike', 'https://evilb.example'],
    ['a path in between', 'https://evil.test/.b.example'],
    ['a sandboxed frame', 'null'],
    ['no page at all', undefined],
  ])('%s may not, and cannot read why', async (_, origin) => {
    const response = await fromPage(site.pageKey, origin);
    expect(response.status).toBe(403);
    if (origin !== undefined) expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(await codeOf(response)).toBe('origin-not-allowed');
  });

  test('a wrong request of a page that may is answered readably, of another it is not', async () => {
    const wrong = (origin: string) => postJson(edge, `/v1/plans?key=${site.pageKey}`, { width: 0 }, { origin });
    const readable = await wrong('https://a.example');
    expect(readable.headers.get('access-control-allow-origin')).toBe('https://a.example');
    expect(await codeOf(readable)).toBe('bad-request');
    const not = await wrong('https://c.example');
    expect(not.headers.get('access-control-allow-origin')).toBeNull();
    expect(await codeOf(not)).toBe('origin-not-allowed');
  });

  test('a secret key works without an origin, and is readable by allowed pages only', async () => {
    const ask = (origin: string) =>
      edge.fetch('/v1/usage', { headers: { authorization: `Bearer ${site.secretKey}`, origin } });
    expect((await fromServer(site.secretKey)).status).toBe(200);
    expect((await ask('https://c.example')).status).toBe(200);
    expect((await ask('https://c.example')).headers.get('access-control-allow-origin')).toBeNull();
    expect((await ask('https://a.example')).headers.get('access-control-allow-origin')).toBe('https://a.example');
  });

  test('a change counts for the next request', async () => {
    const moved = await createSite(edge, { origins: ['https://old.example'] });
    expect((await fromPage(moved.pageKey, 'https://old.example')).status).toBe(200);
    await askAdmin(edge, 'PATCH', `/${moved.id}`, { origins: ['https://new.example'] });
    expect((await fromPage(moved.pageKey, 'https://old.example')).status).toBe(403);
    expect((await fromPage(moved.pageKey, 'https://new.example')).status).toBe(200);
  });
});

const WRONG: Record<string, [body: unknown, expected: RegExp]> = {
  'no name': [{}, /^name/],
  'an empty name': [{ name: ' ' }, /^name/],
  'a name that is an essay': [{ name: 'x'.repeat(81) }, /^name/],
  'a name over two lines': [{ name: 'a\nb' }, /^name/],
  'a name that turns text around': [{ name: 'a\u202eb' }, /^name/],
  'any origin': [{ name: 'a', origins: ['*'] }, /^origins\.0/],
  'an origin with a path': [{ name: 'a', origins: ['https://a.example/x'] }, /^origins\.0/],
  'an origin with a password': [{ name: 'a', origins: ['https://me:pw@a.example'] }, /^origins\.0/],
  'a wildcard over everything': [{ name: 'a', origins: ['https://*.com'] }, /^origins\.0/],
  'a wildcard in the middle': [{ name: 'a', origins: ['https://a.*.example'] }, /^origins\.0/],
  'another scheme': [{ name: 'a', origins: ['ftp://a.example'] }, /^origins\.0/],
  'origins that are no list': [{ name: 'a', origins: 'https://a.example' }, /^origins/],
  'a hundred and one origins': [
    { name: 'a', origins: Array.from({ length: 101 }, (_, i) => `https://a${i}.example`) },
    /^origins to be a list of at most 100/,
  ],
  'origins by the megabyte': [
    { name: 'a', origins: Array.from({ length: 9e4 }, (_, i) => `https://a${i}.example`) },
    /bytes/,
  ],
  'a quota below zero': [{ name: 'a', monthlyMegapixels: -1 }, /^monthlyMegapixels/],
  'half a denoise': [{ name: 'a', monthlyDenoises: 0.5 }, /^monthlyDenoises/],
  'a rate of nothing': [{ name: 'a', requestsPerMinute: 0 }, /^requestsPerMinute/],
};

test.each(Object.entries(WRONG))('a site with %s is refused', async (_, [body, expected]) => {
  const response = await askAdmin(edge, 'POST', '', body);
  const problem = (await response.json()) as { status: number; expected: string };
  expect(problem).toMatchObject({ status: 400, expected: expect.stringMatching(expected) });
});

test.each([
  ['GET', '/local'],
  ['GET', '/s00000000000000000000'],
  ['PATCH', '/s00000000000000000000', { name: 'a' }],
  ['POST', '/s00000000000000000000/keys', { kind: 'page' }],
  ['DELETE', '/s00000000000000000000/keys/page'],
  ['DELETE', '/..%2f..'],
])('%s %s finds no site', async (method, path, body?: object) => {
  expect((await askAdmin(edge, method, path, body)).status).toBe(404);
});
