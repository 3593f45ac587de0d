import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NodeServer } from './server.ts';

const PUBLIC_ORIGIN = 'https://denoise.example';

let told: NodeServer;
let untold: NodeServer;
beforeAll(async () => {
  [told, untold] = await Promise.all([NodeServer.start({ PUBLIC_ORIGIN }), NodeServer.start()]);
});
afterAll(() => Promise.all([told.close(), untold.close()]));

/** With headers that `fetch` does not let through, and a path as it is written. */
function ask(server: NodeServer, path: string, headers: Record<string, string> = {}, method = 'GET', body = '') {
  const { hostname, port } = server.url;
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers }, async (answer) => {
      const parts: Buffer[] = [];
      for await (const part of answer) parts.push(part);
      resolve({ status: answer.statusCode as number, headers: answer.headers, text: Buffer.concat(parts).toString() });
    });
    sent.on('error', reject).end(body);
  });
}

const FORWARDED = {
  host: 'evil.example',
  forwarded: 'host=evil.example;proto=https',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'https',
};

test('links begin with PUBLIC_ORIGIN, whatever headers say', async () => {
  for (const headers of [{}, FORWARDED]) {
    const list = (await ask(told, '/v1/models', headers)).text;
    expect(list).toContain(`"${PUBLIC_ORIGIN}/models/fast/`);
    const body = '{"model":"fast","width":64,"height":64}';
    const plan = await ask(told, '/v1/plans?key=pk_local', headers, 'POST', body);
    expect(plan.status, plan.text).toBe(200);
    expect(plan.text).toContain(`"${PUBLIC_ORIGIN}/models/fast/`);
    expect(list + plan.text).not.toMatch(/evil|127\.0\.0\.1/);
  }
});

test('without it they begin with http and the Host, and with nothing that was forwarded', async () => {
  const { host: _, ...forwarded } = FORWARDED;
  expect((await ask(untold, '/v1/models', forwarded)).text).toContain(`"${untold.url.origin}/models/fast/`);
  const named = await ask(untold, '/v1/models', { ...forwarded, host: 'denoise.example:8080' });
  expect(named.text).toContain('"http://denoise.example:8080/models/fast/');
});

test('browsers are told to stay on https where that is the origin, and only there', async () => {
  for (const path of ['/', '/degrain.js', '/healthz', '/v1/models', '/nope']) {
    expect((await ask(told, path)).headers['strict-transport-security'], path).toBe('max-age=31536000');
    expect((await ask(untold, path, FORWARDED)).headers['strict-transport-security'], path).toBeUndefined();
  }
});

test.each(['a b', 'x/../y', '[::1', 'ho"st', ''])('the Host %j does no harm', async (host) => {
  for (const server of [told, untold]) {
    const { status, text } = await ask(server, '/v1/models', { host });
    expect([200, 400]).toContain(status);
    expect(text).not.toContain('ho"st');
  }
});

test.each(['/../package.json', '/models/../../package.json', '/models/%2e%2e/%2e%2e/package.json', '//etc/passwd'])(
  'the path %s leads to no file',
  async (path) => {
    for (const server of [told, untold]) expect((await ask(server, path)).status).toBe(404);
  },
);

test.each([
  ['TRACE', 405],
  ['PROPFIND', 404],
  ['DELETE', 404],
])('%s is answered', async (method, status) => {
  for (const server of [told, untold]) {
    expect((await ask(server, '/', {}, method)).status).toBe(405);
    expect((await ask(server, '/v1/models', {}, method)).status).toBe(status);
  }
});
