import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { build } from 'vite';
import { root } from './root.ts';

/** What the app needs whatever it loads. */
const ALWAYS = ['app/index.html', 'app/manifest.webmanifest', 'app/icon-192.png', 'app/icon-512.png'];
/** Scripts whose names stay, because other sites embed them; this page loads them too. */
const EMBEDDED = ['degrain.js', 'widget.js'];

interface ShellFile {
  readonly url: string;
  /** Null where the name has a hash. */
  readonly revision: string | null;
}

/** The app's page and every built file that it can come to load, lazily and in workers too; the models are not among them. */
export async function shellFiles(dist: string): Promise<ShellFile[]> {
  const hashed = (await readdir(`${dist}assets`))
    .filter((name) => !name.endsWith('.map'))
    .map((name) => `assets/${name}`);
  const found = new Set(ALWAYS);
  // what is added on the way is visited too
  for (const path of found) {
    if (!/\.(html|js|css)$/.test(path)) continue;
    const text = await readFile(dist + path, 'utf8');
    for (const other of [...hashed, ...EMBEDDED]) if (text.includes(basename(other))) found.add(other);
  }
  const isHashed = new Set(hashed);
  const files = [...found].sort().map(async (path) => ({
    url: path.replace(/(^|\/)index\.html$/, '$1'),
    revision: isHashed.has(path) ? null : hash(await readFile(dist + path)),
  }));
  return Promise.all(files);
}

/** `dist/sw.js`: one classic script, since not every browser has service workers that import. After everything else. */
export async function buildServiceWorker(dist: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'warn',
    root: `${root}client/app`,
    publicDir: false,
    define: { SHELL_FILES: JSON.stringify(await shellFiles(dist)), 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir: dist,
      emptyOutDir: false,
      target: 'es2023',
      rolldownOptions: {
        input: `${root}client/app/offline/service-worker.ts`,
        output: { format: 'iife', entryFileNames: 'sw.js' },
      },
    },
  });
}

const hash = (content: string | Buffer) => createHash('sha256').update(content).digest('hex').slice(0, 16);
