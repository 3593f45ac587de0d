import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { openApiDocument } from '../../worker/openapi/document.ts';
import type { Api } from './described.ts';
import { referencePage } from './reference.ts';

const style = new URL('./reference.css', import.meta.url);

/** Writes openapi.json, and docs.html with its style sheet, into the folder of what is served. */
export async function writeApi(dist: string): Promise<void> {
  const api = openApiDocument();
  const css = await readFile(style);
  const name = `assets/docs-${createHash('sha256').update(css).digest('hex').slice(0, 8)}.css`;
  await mkdir(`${dist}assets`, { recursive: true });
  await writeFile(`${dist}${name}`, css);
  await writeFile(`${dist}openapi.json`, `${JSON.stringify(api)}\n`);
  await writeFile(`${dist}docs.html`, await referencePage(api as unknown as Api, `/${name}`));
}
