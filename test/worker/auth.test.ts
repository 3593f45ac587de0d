import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Edge, startEdge } from './harness.ts';
import { expectProblem } from './requests.ts';

let edge: Edge;
let deployed: Edge;
beforeAll(async () => {
  edge = await startEdge();
  deployed = await startEdge({ vars: { LOCAL_KEYS: '0' } });
});
afterAll(() => Promise.all([edge.close(), deployed.close()]));

const PROTECTED: [method: string, path: string][] = [
  ['POST', '/v1/plans'],
  ['POST', '/v1/denoise'],
  ['POST', '/v1/usage'],
  ['GET', '/v1/usage'],
];

describe.each(PROTECTED)('%s %s', (method, path) => {
  const ask = (query: string, authorization?: string, at = edge) =>
    at.fetch(path + query, { method, headers: authorization ? { authorization } : {} });

  test.each([
    ['no key', '', undefined],
    ['an unknown page key', '?key=pk_other', undefined],
    ['an unknown secret key', '', 'Bearer sk_other'],
    ['a longer key', '', 'Bearer sk_local2'],
    ['an empty key', '?key=', undefined],
    ['no scheme', '', 'sk_local'],
    ['another scheme', '', 'Basic c2tfbG9jYWw6'],
    ["a page's key as a secret one", '', 'Bearer pk_local'],
    ['a secret key in the address', '?key=sk_local', undefined],
  ])('%s is refused', async (_, query, authorization) => {
    const response = await ask(query, authorization);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
    await expectProblem(response, 401, 'unauthorized');
  });

  test('the local keys are good for nothing where they are not switched on', async () => {
    await expectProblem(await ask('?key=pk_local', undefined, deployed), 401, 'unauthorized');
    await expectProblem(await ask('', 'Bearer sk_local', deployed), 401, 'unauthorized');
  });

  test('the secret key is good for it', async () => {
    expect((await ask('', 'Bearer sk_local')).status).not.toBe(401);
  });

  test("the page's key is good for all but reading usage", async () => {
    const response = await ask('?key=pk_local');
    if (method === 'GET') await expectProblem(response, 401, 'unauthorized');
    else expect(response.status).not.toBe(401);
  });
});

test.each(['/healthz', '/v1/models', '/v1/models/fast', '/problems/internal'])('%s is public', async (path) => {
  expect((await deployed.fetch(path)).status).toBe(200);
});

test.each([
  ['GET', '/v1/plans'],
  ['GET', '/v1/denoise'],
  ['PUT', '/v1/denoise'],
  ['DELETE', '/v1/usage'],
  ['POST', '/v1/models'],
  ['POST', '/healthz'],
  ['GET', '/v1'],
  ['GET', '/v2/plans'],
])('%s %s is not there', async (method, path) => {
  await expectProblem(await edge.fetch(path, { method }), 404, 'not-found');
});
