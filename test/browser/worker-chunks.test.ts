import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

// WebKit runs a module worker's first script once more where a chunk imports it: the second one takes all messages, and
// knows nothing of the first one's settings. Chromium and Firefox do not, so the build itself is looked at.
test('no script imports the first script of a worker', () => {
  const folder = new URL('../../dist/assets/', import.meta.url);
  const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'));
  const workers = scripts.filter((name) => /^([a-z]+-)*worker-[\w-]{8}\.js$/.test(name));
  const names = workers.map((name) => name.slice(0, -12));
  expect(names).toEqual(expect.arrayContaining(['lab-worker', 'stored-worker', 'worker', 'write-worker']));
  for (const script of scripts) {
    const code = readFileSync(new URL(script, folder), 'utf8');
    const imported = [...code.matchAll(/\b(?:from|import|import\()\s*["'`]\.\/([^"'`]+)["'`]/g)].map(
      ([, name]) => name,
    );
    expect(imported.filter((name) => workers.includes(name as string))).toEqual([]);
  }
});
