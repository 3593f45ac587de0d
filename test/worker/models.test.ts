import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type NetworkCard, parseCard } from '../../models/card.ts';
import { findCard, listCards } from '../../models/catalog.ts';
import { type Edge, startEdge } from './harness.ts';
import { expectProblem } from './requests.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());

type Listed = { id: string; version: string; files: Record<string, { url: string; bytes: number; sha256: string }[]> };

async function listed(): Promise<Listed[]> {
  const response = await edge.fetch('/v1/models');
  expect(response.status).toBe(200);
  return ((await response.json()) as { models: Listed[] }).models;
}

const fast = findCard('fast') as NetworkCard;

test('the catalogue lists every card, each model with its newest version first', async () => {
  expect((await listed()).map(({ id, version }) => [id, version])).toEqual(
    listCards().map(({ id, version }) => [id, version]),
  );
  const versions = listCards()
    .filter(({ id }) => id === 'fast')
    .map(({ version }) => version);
  const newestFirst = versions.toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  expect(versions).toEqual(newestFirst);
});

test('the list tells what a chooser needs of every family', async () => {
  const of = Object.fromEntries((await listed()).map((model) => [model.id, model]));
  expect(of.fast).toMatchObject({ family: 'tier', sigma: { kind: 'map' }, edge: true, parameters: fast.parameters });
  expect(of.fast).not.toHaveProperty('experimental');
  expect(of.bm3d).toMatchObject({ family: 'filter', edge: false, files: { f16: [], q8: [] } });
  expect(of.bm3d).not.toHaveProperty('parameters');
  const digits = of['dense-mnist'];
  expect(digits).toMatchObject({ family: 'autoencoder', sigma: { kind: 'blind' }, size: { width: 28, height: 28 } });
  // published in one form: either precision names it
  expect(digits?.files.f16).toEqual(digits?.files.q8);
  expect(digits?.files.q8?.map(({ url }) => url)).toEqual([
    expect.stringContaining('/model.json'),
    expect.stringContaining('/weights.q8'),
  ]);
});

test('a card comes as it was published, by id and by version', async () => {
  for (const path of ['/v1/models/fast', `/v1/models/fast/${fast.version}`]) {
    const response = await edge.fetch(path);
    expect(response.headers.get('link')).toContain(`/v1/models/fast/${fast.version}>; rel="canonical"`);
    expect(parseCard(await response.json())).toEqual(fast);
  }
});

test('answers are cached shortly and revalidated; a page can read a 304 too', async () => {
  const first = await edge.fetch('/v1/models/fast', { headers: { origin: 'https://example.com' } });
  const etag = first.headers.get('etag') as string;
  expect(etag).toMatch(/^W\/"/);
  expect(first.headers.get('cache-control')).toMatch(/max-age=60\b/);
  await first.text();
  const again = await edge.fetch('/v1/models/fast', { headers: { 'if-none-match': etag } });
  expect(again.status).toBe(304);
  expect(again.headers.get('access-control-allow-origin')).toBe('*');
  expect(again.headers.get('cache-control')).toMatch(/max-age=60\b/);
  expect(again.headers.get('etag')).toBe(etag);
});

test.each(['/v1/models/nope', '/v1/models/fast/9.9.9', '/v1/models/__proto__', '/v1/models/fast/1.2.0/card.json'])(
  '%s is not there',
  async (path) => {
    await expectProblem(await edge.fetch(path), 404, 'not-found');
  },
);

test('the files behind the addresses are what the card says, and cached for good', async () => {
  const [model] = await listed();
  for (const { url, bytes, sha256 } of [...(model?.files.f16 ?? []), ...(model?.files.q8 ?? [])]) {
    expect(url).toContain(sha256.slice(0, 16));
    const response = await edge.fetch(url);
    expect(response.status, url).toBe(200);
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(response.headers.get('etag')).toMatch(/^"[^"]+"$/);
    const body = new Uint8Array(await response.arrayBuffer());
    expect(body.length).toBe(bytes);
    expect(createHash('sha256').update(body).digest('hex')).toBe(sha256);
  }
});

test('a missing file is a problem that a page can read, and is not cached', async () => {
  const response = await edge.fetch('/models/fast/1.2.0/nope.bin');
  expect(response.headers.get('cache-control')).toBe('no-store');
  await expectProblem(response, 404, 'not-found');
});

test('the type of a problem is an address that explains it', async () => {
  const missing = await expectProblem(await edge.fetch('/nope'), 404, 'not-found');
  const response = await edge.fetch(missing.type as string);
  expect(await response.json()).toEqual({ code: 'not-found', status: 404, title: missing.title });
  await expectProblem(await edge.fetch('/problems/toString'), 404, 'not-found');
});
