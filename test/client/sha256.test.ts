import { createHash } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { sha256, sha256Digest } from '../../client/sha256.ts';

const hex = (digest: Uint8Array) => Buffer.from(digest).toString('hex');

// around the ends of blocks, where padding needs one more, and past 2^29 bits of nothing
test.each([0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 1_000_003])('%i bytes have the digest that Node says', (length) => {
  const bytes = Uint8Array.from({ length }, (_, i) => (i * 31) ^ (i >> 8));
  expect(hex(sha256Digest(bytes))).toBe(createHash('sha256').update(bytes).digest('hex'));
});

test('with and without crypto.subtle it is the same', async () => {
  const bytes = new TextEncoder().encode('grain');
  const secure = await sha256(bytes);
  vi.stubGlobal('crypto', {});
  const insecure = await sha256(bytes);
  vi.unstubAllGlobals();
  expect(insecure).toBe(secure);
  expect(secure).toBe(createHash('sha256').update(bytes).digest('hex'));
});
