import { existsSync } from 'node:fs';
import { cp, glob, mkdir, readFile, writeFile } from 'node:fs/promises';
import { build as viteBuild } from 'vite';
import { writeApi } from './api/write.ts';
import { root } from './root.ts';
import { buildServiceWorker } from './service-worker.ts';
import { headersFile, type Page } from './static-headers.ts';

const dist = `${root}dist/`;

/** Fills dist/ with everything that is served as a file: page, library, service worker, published models, API reference, headers. */
export async function build(): Promise<void> {
  await viteBuild({ configFile: `${root}vite.config.ts`, logLevel: 'warn' });
  await mkdir(`${dist}models`, { recursive: true });
  if (existsSync(`${root}models/published`)) {
    await cp(`${root}models/published`, `${dist}models`, { recursive: true });
  }
  await cp(`${root}client/app/static`, `${dist}app`, { recursive: true });
  await buildServiceWorker(dist);
  await writeApi(dist);
  const pages: Page[] = [];
  for await (const file of glob('**/*.html', { cwd: dist })) {
    pages.push({ path: addressOf(file), html: await readFile(dist + file, 'utf8') });
  }
  await writeFile(`${dist}_headers`, headersFile(pages));
}

/** Where Cloudflare serves a page: `index.html` as its folder, the others without their ending. */
const addressOf = (file: string) => `/${file.replace(/\.html$/, '').replace(/(^|(?<=\/))index$/, '')}`;

if (import.meta.main) await build();
