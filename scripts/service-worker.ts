import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { build } from 'vite';
import { root } from './root.ts';

/** What the app needs besides the hashed files: their names stay, so their hash says when they change. */
const NAMED = ['app/manifest.webmanifest', 'app/icon-192.png', 'app/icon-512.png'];

interface ShellFile {
  readonly url: string;
  /** Null where the name has a hash. */
  readonly revision: string | null;
}

/** The app's page and every built file that it can come to load, lazily and in workers too; the models are not among them. */
export async function shellFiles(dist: string): Promise<ShellFile[]> {
  const assets = (await readdir(`${dist}assets`)).filter((name) => !name.endsWith('.map'));
  const page = await readFile(`${dist}app/index.html`, 'utf8');
  const found = new Set<string>();
  const follow = async (text: string) => {
    for (const name of assets) {
      if (found.has(name) || !text.includes(name)) continue;
      found.add(name);
      if (/\.(js|css)$/.test(name)) await follow(await readFile(`${dist}assets/${name}`, 'utf8'));
    }
  };
  await follow(page);
  const named = NAMED.map(async (url) => ({ url, revision: hash(await readFile(dist + url)) }));
  return [
    { url: 'app/', revision: hash(page) },
    ...(await Promise.all(named)),
    ...[...found].sort().map((name) => ({ url: `assets/${name}`, revision: null })),
  ];
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
