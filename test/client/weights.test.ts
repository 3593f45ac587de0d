import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fetchVerified } from '../../client/weights.ts';

const right = Uint8Array.from({ length: 500 }, (_, i) => i % 251);
const file = {
  url: 'https://edge.example/models/fast/1.0.0/weights.q8',
  bytes: right.length,
  sha256: createHash('sha256').update(right).digest('hex'),
};
const { signal } = new AbortController();

/** Cache Storage of one cache, and a network that answers in turn. */
let stored: Map<string, Uint8Array>;
let answers: (Uint8Array<ArrayBuffer> | Error | Response)[];
let modes: (RequestCache | undefined)[];
let ranges: (string | null)[];

beforeEach(() => {
  stored = new Map();
  answers = [];
  modes = [];
  ranges = [];
  const cache = {
    match: async (key: string) => (stored.has(key) ? new Response(stored.get(key)?.slice()) : undefined),
    put: async (key: string, response: Response) => stored.set(key, new Uint8Array(await response.arrayBuffer())),
    delete: async (key: string) => stored.delete(key),
  };
  vi.stubGlobal('self', { caches: { open: async () => cache } });
  vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
    modes.push(init.cache);
    ranges.push(new Headers(init.headers).get('Range'));
    const answer = answers.shift() ?? new Error('asked once too often');
    if (answer instanceof Error) throw answer;
    return answer instanceof Response ? answer : new Response(answer);
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

test('the first time comes from the network, the second from the cache', async () => {
  answers = [right];
  const counted: number[] = [];
  const onBytes = (bytes: number) => counted.push(bytes);
  expect(await fetchVerified(file, { signal, onBytes })).toEqual(right);
  expect(await fetchVerified(file, { signal, onBytes })).toEqual(right);
  expect(modes).toEqual(['default']);
  expect(counted.reduce((sum, bytes) => sum + bytes)).toBe(2 * right.length);
});

test('a cached copy that was cut short is replaced', async () => {
  answers = [right];
  await fetchVerified(file, { signal });
  const [key] = stored.keys();
  stored.set(key as string, right.slice(0, 300));
  answers = [right];
  expect(await fetchVerified(file, { signal })).toEqual(right);
  expect(stored.get(key as string)).toEqual(right);
});

test.each([
  ['other bytes', right.map((byte) => byte ^ 1)],
  ['too few', right.slice(0, -1)],
  ['the right ones and more', Uint8Array.from([...right, 0])],
])('%s are asked for again, past all caches, and counted back', async (_, wrong) => {
  answers = [wrong, right];
  let counted = 0;
  const bytes = await fetchVerified(file, { signal, onBytes: (bytes) => (counted += bytes) });
  expect(bytes).toEqual(right);
  expect(modes).toEqual(['default', 'reload']);
  expect(counted).toBe(right.length);
});

test('wrong twice is an integrity error, and nothing is kept', async () => {
  answers = [right.slice(1), right.slice(2)];
  await expect(fetchVerified(file, { signal })).rejects.toMatchObject({ code: 'integrity' });
  expect(stored.size).toBe(0);
});

test('no connection and a refusal are told apart', async () => {
  answers = [new TypeError('Failed to fetch')];
  await expect(fetchVerified(file, { signal })).rejects.toMatchObject({ code: 'network' });
  const problem = { type: '/problems/rate-limited', detail: 'Wait a minute.', expected: 'less', received: 'more' };
  answers = [Response.json(problem, { status: 429 })];
  const refusal = { code: 'rate-limited', expected: 'less', received: 'more', remedy: 'Wait a minute.' };
  await expect(fetchVerified(file, { signal })).rejects.toMatchObject(refusal);
  answers = [new Response('<h1>gateway</h1>', { status: 502 })];
  await expect(fetchVerified(file, { signal })).rejects.toMatchObject({ code: 'network' });
});

test('an abort stays an abort', async () => {
  const aborted = AbortSignal.abort();
  answers = [new DOMException('aborted', 'AbortError')];
  await expect(fetchVerified(file, { signal: aborted })).rejects.toMatchObject({ name: 'AbortError' });
});

/** A body that gives so much and then breaks off. */
const broken = (bytes: Uint8Array<ArrayBuffer>) =>
  new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
    },
    pull: (controller) => controller.error(new TypeError('network error')),
  });

test.each([
  ['only the rest, of a server that knows ranges', (from: number) => new Response(right.slice(from), { status: 206 })],
  ['all of it again, of one that does not', () => new Response(right)],
])('a download that broke off asks for the rest, and takes %s', async (_, rest) => {
  answers = [new Response(broken(right.slice(0, 200))), rest(200)];
  let counted = 0;
  expect(await fetchVerified(file, { signal, onBytes: (bytes) => (counted += bytes) })).toEqual(right);
  expect(ranges).toEqual([null, 'bytes=200-']);
  expect(counted).toBe(right.length);
});

test('what to keep has to stay', async () => {
  answers = [right];
  vi.stubGlobal('self', {});
  await expect(fetchVerified(file, { signal, keep: true })).rejects.toMatchObject({ code: 'storage' });
});

test('without Cache Storage it still loads', async () => {
  vi.stubGlobal('self', {});
  answers = [right];
  expect(await fetchVerified(file, { signal })).toEqual(right);
});
