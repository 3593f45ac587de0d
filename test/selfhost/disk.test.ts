import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { plainPng } from '../hostile/png.ts';
import { expectProblem } from '../worker/requests.ts';
import { NodeServer } from './server.ts';

let server: NodeServer;
beforeAll(async () => {
  server = await NodeServer.start();
});
afterAll(() => server.close());

const headers = { authorization: 'Bearer sk_local' };
const plan = () =>
  server.fetch('/v1/plans', { method: 'POST', headers, body: '{"model":"fast","width":64,"height":64}' });
const denoise = () =>
  server.fetch('/v1/denoise?sigma=20', {
    method: 'POST',
    headers: { ...headers, 'content-type': 'image/png' },
    body: plainPng(8, 8),
  });
const total = async () => {
  const { plans, edgeDenoises } = (await (await server.fetch('/v1/usage', { headers })).json()).total;
  return { plans, edgeDenoises };
};

/** While somebody else writes to the file, SQLite refuses, as it does when the disk does. */
async function whileRefused(work: () => Promise<void>): Promise<void> {
  const other = new DatabaseSync(server.site('local'));
  other.exec('BEGIN IMMEDIATE');
  try {
    await work();
  } finally {
    other.exec('ROLLBACK');
    other.close();
  }
}

test('what cannot be written is not served, nor counted', async () => {
  expect((await plan()).status).toBe(200);
  expect((await denoise()).status).toBe(200);
  await whileRefused(async () => {
    for (const answers of await Promise.all([plan(), plan(), denoise()])) {
      expect(answers.headers.get('retry-after')).toBe('5');
      await expectProblem(answers, 503, 'ledger-unavailable');
    }
  });
  expect(await total()).toEqual({ plans: 1, edgeDenoises: 1 });
  expect((await plan()).status).toBe(200);
  expect(await total()).toEqual({ plans: 2, edgeDenoises: 1 });
});
