import { expect, test } from 'vitest';
import { app } from '../../worker/app.ts';
import type { Env } from '../../worker/env.ts';

/** An edge whose Durable Objects cannot be reached. */
const cutOff = {
  LOCAL_KEYS: '1',
  SITES: {
    idFromName: (name: string) => name,
    get: () => new Proxy({}, { get: () => () => Promise.reject(new Error('Network connection lost')) }),
  },
} as unknown as Env;

test.each([
  ['POST', '/v1/plans', JSON.stringify({ model: 'fast', width: 100, height: 100 })],
  [
    'POST',
    '/v1/usage',
    JSON.stringify({ planId: crypto.randomUUID(), backend: 'wasm', tiles: 1, milliseconds: 1, outcome: 'ok' }),
  ],
  ['GET', '/v1/usage', undefined],
])('without its ledger, %s %s is refused rather than served uncounted', async (method, path, body) => {
  const headers = { authorization: 'Bearer sk_local' };
  const response = await app.request(path, { method, headers, ...(body && { body }) }, cutOff);
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('5');
  expect(await response.json()).toMatchObject({ type: '/problems/ledger-unavailable' });
});

test('what needs no ledger is still there', async () => {
  expect((await app.request('/v1/models', {}, cutOff)).status).toBe(200);
});
