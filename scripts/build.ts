import { existsSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build as viteBuild } from 'vite';
import { headersFile } from './static-headers.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

/** Fills dist/ with everything that is served as a file: page, library, published models, headers. */
export async function build(): Promise<void> {
  await viteBuild({ configFile: `${root}vite.config.ts`, logLevel: 'warn' });
  await mkdir(`${root}dist/models`, { recursive: true });
  if (existsSync(`${root}models/published`)) {
    await cp(`${root}models/published`, `${root}dist/models`, { recursive: true });
  }
  await writeFile(`${root}dist/_headers`, headersFile());
}

if (import.meta.main) await build();
