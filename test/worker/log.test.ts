import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { redact } from '../../worker/http/log.ts';
import { plainPng } from '../hostile/png.ts';
import { type Edge, startEdge } from './harness.ts';
import { expectProblem, postJson, postPng, secret } from './requests.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());
beforeEach(() => edge.clearLogs());

/** The lines of the requests since the last one, as objects. */
const lines = () => edge.logs().map((line) => JSON.parse(line) as Record<string, unknown>);

/** Everything that was written, in whatever form. */
const written = () => JSON.stringify(edge.logs());

test('a request is one line: its id, route, status and time', async () => {
  const response = await edge.fetch('/v1/models/fast?whatever=1');
  expect(lines()).toEqual([
    {
      format: 1,
      requestId: response.headers.get('degrain-request-id'),
      method: 'GET',
      route: '/v1/models/:id',
      status: 200,
      ms: expect.any(Number),
    },
  ]);
});

test('of a site the line has its id, of a problem the code', async () => {
  await postJson(edge, '/v1/plans?key=pk_local', { model: 'fast', width: 0, height: 1 });
  expect(lines()).toMatchObject([{ route: '/v1/plans', status: 400, site: 'local', problem: 'bad-request' }]);
});

test.each([
  ['/no/such/path', 'GET', null, 404],
  ['/v1/plans', 'OPTIONS', null, 204],
  ['/healthz', 'HEAD', '/healthz', 200],
] as const)('%s %s is logged too', async (path, method, route, status) => {
  const headers = { origin: 'https://page.example', 'access-control-request-method': 'POST' };
  await edge.fetch(path, { method, headers });
  expect(lines()).toMatchObject([{ method, route, status }]);
});

test('a problem names the request as its header and the log do', async () => {
  const response = await edge.fetch('/v1/models/nope');
  const named = response.headers.get('degrain-request-id');
  const { requestId } = await expectProblem(response, 404, 'not-found');
  expect(requestId).toBe(named);
  expect(lines()).toMatchObject([{ requestId }]);
});

test("a caller's own id is kept if it is a UUID", async () => {
  const own = '7B0C3A52-5a0e-4b0c-9d7e-0f5a3c1d2e4f';
  const { headers } = await edge.fetch('/healthz', { headers: { 'x-request-id': own } });
  expect(headers.get('degrain-request-id')).toBe(own.toLowerCase());
});

test.each(['sk_live_abcdef', 'x', `${'a'.repeat(8)}-1-1-1-${'a'.repeat(12)}`, '7b0c3a52-5a0e-4b0c-9d7e-0f5a3c1d2e4f7'])(
  'the id %s is not taken',
  async (own) => {
    const { headers } = await edge.fetch('/healthz', { headers: { 'x-request-id': own } });
    expect(headers.get('degrain-request-id')).not.toBe(own);
    expect(written()).not.toContain(own);
  },
);

/** A key, an address and a name that must stay out of whatever is written or answered. */
const WRONG = 'Zq7wrongKey';
const PRIVATE = ['198.51.100.7', 'Agent/7.7', 'holiday.png'];

test('keys, addresses and names reach neither the log nor a problem', async () => {
  const headers = { 'user-agent': PRIVATE[1] as string, 'cf-connecting-ip': PRIVATE[0] as string };
  const attempts = ['/v1/plans', '/v1/denoise', '/v1/usage'].flatMap((path) => [
    edge.fetch(`${path}?key=pk_${WRONG}&file=${PRIVATE[2]}`, { method: 'POST', headers, body: `{"sk":"sk_${WRONG}"}` }),
    edge.fetch(`${path}?key=sk_${WRONG}`, { method: 'POST', headers }),
    edge.fetch(path, { method: 'POST', headers: { ...headers, authorization: `Bearer sk_${WRONG}` } }),
    edge.fetch(path, { method: 'POST', headers: { ...headers, authorization: `Bearer pk_${WRONG}` } }),
    edge.fetch(path, { method: 'POST', headers: { ...headers, authorization: WRONG } }),
  ]);
  for (const response of await Promise.all(attempts)) {
    expect(response.status).toBe(401);
    expect(await response.text()).not.toContain(WRONG);
    expect(JSON.stringify([...response.headers])).not.toContain(WRONG);
  }
  expect(lines()).toHaveLength(attempts.length);
  for (const hidden of [WRONG, ...PRIVATE]) expect(written()).not.toContain(hidden);
});

test('what worked is logged as sparingly', async () => {
  const { status } = await postPng(edge, plainPng(8, 8), `?sigma=10&model=median`);
  expect(status).toBe(200);
  expect(lines()).toMatchObject([{ route: '/v1/denoise', status: 200, site: 'local' }]);
  expect(Object.keys(lines()[0] ?? {})).toEqual(['format', 'requestId', 'method', 'route', 'status', 'ms', 'site']);
  for (const hidden of ['sk_local', 'sigma', 'median']) expect(written()).not.toContain(hidden);
});

test('a fault of the edge is logged with its stack, without the key that it quotes', () => {
  const stack =
    'TypeError: Invalid URL: https://a.example/v1/plans?key=pk_abc-D9&x=1\n at f (worker.js:1:2) sk_secret_1 Bearer abc.def';
  const text = redact(stack);
  expect(text).toContain('at f (worker.js:1:2)');
  for (const hidden of ['pk_abc', 'D9', 'x=1', 'secret_1', 'abc.def']) expect(text).not.toContain(hidden);
});

test('input comes back as JSON or not at all, never as a page', async () => {
  const script = '<script>alert(1)</script>';
  const answers = await Promise.all([
    edge.fetch(`/${script}`),
    edge.fetch(`/v1/models/${encodeURIComponent(script)}`),
    edge.fetch(`/problems/${encodeURIComponent(script)}`),
    edge.fetch(`/v1/usage?from=${encodeURIComponent(script)}`, { headers: secret }),
    edge.fetch(`/docs?x=${script}`),
    edge.fetch(`/?model=${script}`),
  ]);
  for (const response of answers) {
    const body = await response.text();
    if (response.headers.get('content-type')?.startsWith('text/html')) expect(body).not.toContain('alert(1)');
    else expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  }
});
