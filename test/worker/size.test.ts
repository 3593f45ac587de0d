import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { builtWorker } from '../paths.ts';

/** KiB, compressed: what an isolate loads before its first answer. Cloudflare's free plan takes 3 MiB. */
const MOST = 400;

test('the worker stays small', () => {
  const files = readdirSync(builtWorker).filter((name) => /\.(js|wasm)$/.test(name));
  expect(files.length).toBeGreaterThan(1);
  const sizes = files.map((name) => gzipSync(readFileSync(`${builtWorker}/${name}`)).length / 1024);
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(MOST);
});
