import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { unstable_readConfig } from 'wrangler';
import { readSettings } from '../../selfhost/settings.ts';
import { root } from '../paths.ts';

test('what nobody sets is as at the edge', () => {
  const { vars } = unstable_readConfig({ config: `${root}wrangler.toml` });
  expect(readSettings({})).toMatchObject(vars);
});

test('what is on without being set is safe: nobody else reaches it, no key is known, nobody may create sites', () => {
  const settings = readSettings({ ADMIN_TOKEN: '', LOCAL_KEYS: '' });
  expect(settings.HOST).toBe('127.0.0.1');
  expect(settings).not.toHaveProperty('ADMIN_TOKEN');
  expect(settings).not.toHaveProperty('LOCAL_KEYS');
  expect(settings).not.toHaveProperty('PUBLIC_ORIGIN');
});

test.each([
  ['PORT', 'eighty', 'a whole number'],
  ['PORT', '70000', 'from 0 to 65535'],
  ['EDGE_MAX_PIXELS', '-1', 'a whole number'],
  ['RETENTION_DAYS', '14', 'from 15'],
  ['PUBLIC_ORIGIN', 'https://denoise.example/', 'an origin'],
  ['PUBLIC_ORIGIN', 'denoise.example', 'an origin'],
  ['PUBLIC_ORIGIN', 'ftp://denoise.example', 'an origin'],
  ['LOCAL_KEYS', 'yes', "'1', or '0'"],
])('%s=%s is refused', (name, value, expected) => {
  expect(() => readSettings({ [name]: value })).toThrow(`${name}: expected `);
  expect(() => readSettings({ [name]: value })).toThrow(expected);
  expect(() => readSettings({ [name]: value })).toThrow(`received "${value}"`);
});

test('the server does not start with a setting that is wrong, and says which in a line', async () => {
  const main = [`--disable-warning=ExperimentalWarning`, `${root}selfhost/main.ts`];
  const env = { ...process.env, PORT: 'x', RETENTION_DAYS: '1' };
  const failure = await promisify(execFile)(process.execPath, main, { env }).catch((reason) => reason);
  expect(failure.code).toBe(1);
  expect(failure.stdout).toBe('');
  expect(failure.stderr.trim().split('\n')).toEqual([
    expect.stringMatching(/^PORT: expected a whole number from 0 to 65535 but received "x"$/),
    expect.stringMatching(/^RETENTION_DAYS: /),
  ]);
});
