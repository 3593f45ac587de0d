import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { root } from '../test/paths.ts';

type Row = readonly (string | number)[];

/** A Markdown table; the first column holds names, the others numbers. */
export function table(head: Row, rows: readonly Row[]): string {
  const line = head.map((_, i) => (i === 0 ? '---' : '---:'));
  return [head, line, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** What else the machine did: at the beginning of a run, before its own work counts. */
export const otherWork = () =>
  `${availableParallelism()} processors; other work on the machine: ${loadavg()[0]?.toFixed(1)} processes waiting for them \
(load average before the run)`;

/** Puts text between `<!-- mark -->` and `<!-- /mark -->` in a page of docs/. */
export async function writeBetween(name: string, mark: string, text: string): Promise<void> {
  const path = `${root}docs/${name}`;
  const page = await readFile(path, 'utf8');
  const [open, close] = [`<!-- ${mark} -->`, `<!-- /${mark} -->`];
  const [start, end] = [page.indexOf(open), page.indexOf(close)];
  if (start < 0 || end < start) {
    throw new Error(`Expected ${open} and ${close} in ${path} but found none: put them where the table goes.`);
  }
  await writeFile(path, `${page.slice(0, start + open.length)}\n\n${text}\n\n${page.slice(end)}`);
}
