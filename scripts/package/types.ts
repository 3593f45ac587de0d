import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';

/** Relative imports of a declaration file. */
const IMPORT = /(from |import\()(['"])(\.[^'"]+)\.ts\2/g;

/**
 * Copies a declaration file from `types` into `folder`/types, and all that it imports. Imports name `.js` there: for a
 * `.ts` compilers look for the source, which the package has not.
 */
export async function writeTypes(types: string, folder: string, entry: string): Promise<void> {
  const waiting = [entry];
  const seen = new Set(waiting);
  for (const file of waiting) {
    const text = await readFile(join(types, file), 'utf8');
    for (const [, , , path] of text.matchAll(IMPORT)) {
      const imported = normalize(join(dirname(file), `${path}.d.ts`));
      if (!seen.has(imported)) waiting.push(imported);
      seen.add(imported);
    }
    const target = join(folder, 'types', file);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text.replace(IMPORT, '$1$2$3.js$2'));
  }
}
