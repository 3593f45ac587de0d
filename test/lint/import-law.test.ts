import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../paths.ts';

const forbidden = [
  ['models/a.ts', `import '../worker/app.ts';`, 'models/ says what a denoiser is'],
  ['models/noise/b.ts', `import '../../client/index.ts';`, 'models/ says what a denoiser is'],
  ['models/c.ts', `import 'node:fs';`, 'Node.js builtin'],
  ['models/d.ts', `import '../test/paths.ts';`, 'its tools and tests'],
  ['worker/e.ts', `import '../client/index.ts';`, 'The edge never imports'],
  ['worker/f.ts', `import 'node:fs';`, 'Node.js builtin'],
  ['worker/g.ts', `import '../scripts/build.ts';`, 'its tools and tests'],
  ['client/h.ts', `import '../worker/app.ts';`, 'only as `import type`'],
  ['client/engine/i.ts', `export { app } from '../../worker/app.ts';`, 'only as `import type`'],
  ['client/j.ts', `await import('../worker/app.ts');`, 'only as `import type`'],
  ['client/k.ts', `import '../cli/denoise.ts';`, 'its tools and tests'],
  ['models/p.ts', `import '../selfhost/server.ts';`, 'models/ says what a denoiser is'],
  ['worker/q.ts', `import '../selfhost/server.ts';`, 'none of the places where it runs'],
  ['client/r.ts', `import '../selfhost/server.ts';`, 'The browser never imports'],
  ['selfhost/s.ts', `import '../client/index.ts';`, 'A server never imports'],
  ['selfhost/t.ts', `import '../scripts/build.ts';`, 'its tools and tests'],
  ['selfhost/u.ts', `import 'cloudflare:workers';`, 'Node has no Workers API'],
] as const;

const allowed = [
  ['worker/l.ts', `import '../models/card.ts';`],
  ['client/m.ts', `import '../models/card.ts';`],
  ['client/n.ts', `export type { App } from '../worker/app.ts';`],
  ['selfhost/storage/v.ts', `import 'node:sqlite';\nimport '../../worker/app.ts';\nimport '../../models/card.ts';`],
  ['client/widget/o.ts', `import '../worker.ts';`],
] as const;

describe('the import law', () => {
  let house: string;
  let complaints: string[];

  // One run of the linter, with the house's own rules, over a house built of nothing but offences.
  beforeAll(async () => {
    house = await mkdtemp(join(tmpdir(), 'import-law-'));
    for (const rules of ['biome.json', 'package.json', 'scripts/lint']) {
      await cp(join(root, rules), join(house, rules), { recursive: true });
    }
    for (const [path, source] of [...forbidden, ...allowed]) {
      await mkdir(dirname(join(house, path)), { recursive: true });
      await writeFile(join(house, path), `${source}\n`);
    }
    const options = ['lint', '--vcs-enabled=false', '--reporter=github', '--max-diagnostics=100'];
    const { stdout } = spawnSync(`${root}node_modules/.bin/biome`, options, { cwd: house, encoding: 'utf8' });
    complaints = stdout.split('\n').filter((line) => line.startsWith('::error'));
  });
  afterAll(() => rm(house, { recursive: true, force: true }));

  const about = (path: string) => complaints.filter((line) => line.includes(`${path},`));

  test.each(forbidden)('%s must not say %s', (path, _source, complaint) => {
    expect(about(path)).toEqual([expect.stringContaining(complaint)]);
  });

  test.each(allowed)('%s may say %s', (path) => {
    expect(about(path)).toEqual([]);
  });
});
