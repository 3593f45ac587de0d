import { expect, test } from 'vitest';
import { Grants } from '../../../worker/usage/grants.ts';
import type { Access } from '../../../worker/usage/ledger.ts';

const MINUTE = 60_000;
const access: Access = { kind: 'page', hash: 'a', origin: 'https://a.example' };
const elsewhere = { ...access, origin: 'https://b.example' };

test('a grant is good for its key and origin, for a quarter of an hour', () => {
  const grants = new Grants();
  grants.remember(access, true, 0);
  expect(grants.find(access, 15 * MINUTE - 1)).toEqual({ at: 0, readable: true });
  expect(grants.find(access, 15 * MINUTE)).toBeUndefined();
  expect(grants.find(elsewhere, 0)).toBeUndefined();
  expect(grants.find({ ...access, hash: 'b' }, 0)).toBeUndefined();
});

test('a no to a key ends it everywhere, a no to an origin there', () => {
  const grants = new Grants();
  grants.remember(access, true, 0);
  grants.remember(elsewhere, true, 0);
  grants.forgetOrigin(elsewhere);
  expect(grants.find(elsewhere, 1)).toBeUndefined();
  expect(grants.find(access, 1)).toBeDefined();
  grants.forget(elsewhere);
  expect(grants.find(access, 1)).toBeUndefined();
});

test('it remembers the latest and no more', () => {
  const grants = new Grants();
  for (let i = 0; i < 5000; i++) grants.remember({ ...access, hash: `k${i}` }, true, 0);
  for (let i = 0; i < 100; i++) grants.remember({ ...access, hash: 'k4999', origin: `https://${i}.example` }, true, 0);
  expect(grants.find({ ...access, hash: 'k0' }, 1)).toBeUndefined();
  expect(grants.find({ ...access, hash: 'k4998' }, 1)).toBeDefined();
  expect(grants.find({ ...access, hash: 'k4999', origin: 'https://0.example' }, 1)).toBeUndefined();
  expect(grants.find({ ...access, hash: 'k4999', origin: 'https://99.example' }, 1)).toBeDefined();
});
