import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GRAPH, pathOf, published, startEdgeWithBucket, WEIGHTS } from './buckets.ts';
import { type Edge, startEdge } from './harness.ts';
import { expectProblem } from './requests.ts';

const path = pathOf(WEIGHTS.name);
const bytes = published(WEIGHTS.name);
const etag = `"${WEIGHTS.sha256}"`;
const digits = WEIGHTS.sha256.slice(0, 16);

let edge: Edge;
let stored: Awaited<ReturnType<typeof startEdgeWithBucket>>;
beforeAll(async () => {
  [edge, stored] = await Promise.all([startEdge(), startEdgeWithBucket()]);
});
afterAll(() => Promise.all([edge.close(), stored.close()]));

const body = async (response: Awaited<ReturnType<Edge['fetch']>>) => Buffer.from(await response.arrayBuffer());

test('a published file is served from the assets, and again by its ETag', async () => {
  const first = await edge.fetch(`${path}?sha256=${digits}`);
  expect(first.status).toBe(200);
  expect(
    createHash('sha256')
      .update(await body(first))
      .digest('hex'),
  ).toBe(WEIGHTS.sha256);
  const again = await edge.fetch(path, { headers: { 'if-none-match': first.headers.get('etag') as string } });
  expect(again.status).toBe(304);
});

describe('from a bucket', () => {
  const ask = (headers: Record<string, string> = {}, method = 'GET') => stored.fetch(path, { method, headers });

  test('the whole file, under the hash as its ETag', async () => {
    const response = await ask();
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).toBe(etag);
    expect(response.headers.get('content-length')).toBe(String(bytes.length));
    expect(response.headers.get('accept-ranges')).toBe('bytes');
    expect((await body(response)).equals(bytes)).toBe(true);
  });

  test('HEAD says the same without the bytes', async () => {
    const response = await ask({}, 'HEAD');
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).toBe(etag);
    expect(response.headers.get('content-length')).toBe(String(bytes.length));
    expect(await body(response)).toHaveLength(0);
  });

  test('304 for the bytes that are known', async () => {
    const response = await ask({ 'if-none-match': etag });
    expect(response.status).toBe(304);
    expect(response.headers.get('etag')).toBe(etag);
    expect(await body(response)).toHaveLength(0);
  });

  test.each([
    ['bytes=0-9', 0, 10],
    ['bytes=100-', 100, bytes.length],
    ['bytes=-7', bytes.length - 7, bytes.length],
  ])('%s is that part', async (range, from, to) => {
    const response = await ask({ range, 'if-range': etag });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes ${from}-${to - 1}/${bytes.length}`);
    expect(response.headers.get('content-length')).toBe(String(to - from));
    expect((await body(response)).equals(bytes.subarray(from, to))).toBe(true);
  });

  test('a part of other bytes than these is all of these', async () => {
    const response = await ask({ range: 'bytes=0-9', 'if-range': '"another"' });
    expect(response.status).toBe(200);
    expect((await body(response)).equals(bytes)).toBe(true);
  });

  test('beyond the end there is nothing', async () => {
    const response = await ask({ range: `bytes=${bytes.length}-` });
    expect(response.headers.get('content-range')).toBe(`bytes */${bytes.length}`);
    await expectProblem(response, 416, 'range-not-satisfiable');
  });

  test('what the bucket lacks comes from the assets, and the log says so', async () => {
    stored.harness.clearLogs();
    const response = await stored.fetch(pathOf(GRAPH.name));
    expect(response.status).toBe(200);
    expect((await body(response)).equals(published(GRAPH.name))).toBe(true);
    expect(JSON.stringify(stored.harness.getLogs())).toContain('no object in the bucket');
  });

  test('what the bucket holds in another length is not served', async () => {
    await stored.bucket.put(pathOf(GRAPH.name).slice(1), new Uint8Array(3));
    expect((await body(await stored.fetch(pathOf(GRAPH.name)))).equals(published(GRAPH.name))).toBe(true);
    await stored.bucket.delete(pathOf(GRAPH.name).slice(1));
  });

  test('the card lies beside its files', async () => {
    const response = await stored.fetch(pathOf('card.json'));
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ id: 'pca-mnist' });
  });

  test('an address with the hash of other bytes leads nowhere', async () => {
    for (const good of [digits, WEIGHTS.sha256, digits.toUpperCase()]) {
      expect((await stored.fetch(`${path}?sha256=${good}`)).status, good).toBe(200);
    }
    for (const bad of ['0'.repeat(16), digits.slice(1), '', 'x', `${WEIGHTS.sha256}0`]) {
      await expectProblem(await stored.fetch(`${path}?sha256=${bad}`), 404, 'not-found');
    }
  });
});

test.each([
  '/models/',
  '/models/fast',
  '/models/nope/1.0.0/model.json',
  '/models/fast/9.9.9/model.json',
  '/models/fast/1.2.0/nope.bin',
  '/models/fast/1.2.0/deeper/model.json',
  '/models/fast/1.2.0/..%2f..%2findex.html',
  '/models/mean/1.0.0/model.json',
  '/models/__proto__/1.0.0/model.json',
])('%s is not published, wherever files come from', async (path) => {
  for (const at of [edge, stored]) {
    const response = await at.fetch(path);
    expect(response.headers.get('cache-control')).toBe('no-store');
    await expectProblem(response, 404, 'not-found');
  }
});
