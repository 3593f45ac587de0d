import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../cli/run.ts';
import { root } from '../paths.ts';
import { type Edge, startEdge } from './harness.ts';
import { postJson } from './requests.ts';
import { ADMIN_TOKEN } from './sites.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge({ secrets: { ADMIN_TOKEN } });
});
afterAll(() => edge.close());

const sites = (args: string[], token = ADMIN_TOKEN) =>
  run('sites', args, root, { DEGRAIN_ENDPOINT: edge.url.href, DEGRAIN_ADMIN_TOKEN: token });

const asks = async (key: string) => {
  const headers = { authorization: `Bearer ${key}` };
  return (await postJson(edge, '/v1/plans', { model: 'fast', width: 9, height: 9 }, headers)).status;
};

test('from a new site to none, by its commands', async () => {
  expect((await sites(['list'])).stdout).toContain('No sites yet');
  const made = await sites(['create', '--name', 'Shop', '--origin', 'https://shop.example', '--megapixels', '5']);
  expect(made).toMatchObject({ code: 0, stderr: '' });
  const [, id = ''] = /^site +(\S+)$/m.exec(made.stdout) ?? [];
  const [, secretKey = ''] = /^secret key +(\S+)$/m.exec(made.stdout) ?? [];
  expect(await asks(secretKey)).toBe(200);
  expect((await sites(['list'])).stdout).toContain(`${id}  ${new Date().toISOString().slice(0, 10)}  Shop`);

  const changed = await sites(['change', id, '--megapixels', 'none', '--origin', 'https://*.shop.example']);
  expect(changed.stdout).toMatch(/origins +https:\/\/\*\.shop\.example\n/);
  expect(changed.stdout).toContain('0.000081 this month of no limit');

  const rotated = await sites(['rotate', id, '--kind', 'secret', '--overlap', '1']);
  const [, second = ''] = /^secret key +(\S+)$/m.exec(rotated.stdout) ?? [];
  expect([await asks(secretKey), await asks(second)]).toEqual([200, 200]);
  const shown = (await sites(['show', id])).stdout;
  expect(shown).not.toContain(second);
  const [, old = ''] = /^key +(\S+) +secret .* until /m.exec(shown) ?? [];
  expect((await sites(['revoke', id, old])).code).toBe(0);
  expect([await asks(secretKey), await asks(second)]).toEqual([401, 200]);

  expect((await sites(['delete', id])).code).toBe(0);
  expect(await asks(second)).toBe(401);
  expect((await sites(['show', id])).code).toBe(1);
});

test.each([
  ['no command', []],
  ['an unknown one', ['destroy']],
  ['a site too few', ['show']],
  ['a key too few', ['revoke', 'x']],
  ['no name', ['create']],
  ['a quota that is no number', ['create', '--name', 'a', '--megapixels', 'many']],
  ['nothing to change', ['change', 'x']],
  ['an unknown kind of key', ['rotate', 'x', '--kind', 'golden']],
  ['an unknown option', ['list', '--all']],
])('a command line with %s is refused', async (_, args) => {
  const { code, stdout, stderr } = await sites(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test('what the edge refuses is told in one line, without the token', async () => {
  const wrong = 'not-the-token-of-this-edge';
  for (const [args, token] of [
    [['list'], wrong],
    [['create', '--name', 'a', '--origin', 'nonsense'], ADMIN_TOKEN],
    [['list', '--endpoint', 'http://127.0.0.1:9'], ADMIN_TOKEN],
  ] as const) {
    const { code, stdout, stderr } = await sites([...args], token);
    expect(code).toBeGreaterThan(0);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).not.toContain(token);
  }
});
