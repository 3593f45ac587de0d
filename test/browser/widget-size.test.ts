import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { root } from '../paths.ts';

/** Bytes, gzip: what a page loads that shows the element and nothing more. */
const MOST = 12 * 1024;

/** A built script and all that it imports statically: dynamic imports come later, when somebody asks. */
async function withImports(file: string, seen = new Map<string, Buffer>()): Promise<Map<string, Buffer>> {
  if (seen.has(file)) return seen;
  const bytes = await readFile(file);
  seen.set(file, bytes);
  for (const [, address = ''] of bytes.toString().matchAll(/(?:from|import)\s*["'](\.[^"']+)["']/g)) {
    await withImports(join(dirname(file), address), seen);
  }
  return seen;
}

test('widget.js and what it imports fit 12 KB', async () => {
  const files = await withImports(`${root}dist/widget.js`);
  const sizes = [...files.values()].map((bytes) => gzipSync(bytes, { level: 9 }).length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  console.info(`widget.js: ${total} bytes (gzip) in ${files.size} file(s)`);
  expect(total).toBeGreaterThan(1000);
  expect(total).toBeLessThanOrEqual(MOST);
});

test.each(['widget.js', 'degrain.js'])('%s is one file: another one would be another round trip', async (name) => {
  expect([...(await withImports(`${root}dist/${name}`)).keys()]).toEqual([`${root}dist/${name}`]);
});
