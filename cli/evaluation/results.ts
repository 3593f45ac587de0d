import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export const resultsFile = fileURLToPath(new URL('../../docs/results.md', import.meta.url));

const TITLE = '# Results\n\nWritten by `npm run evaluate`; the command above each table makes it again.\n';

/** The parts of docs/results.md that commands write, in the order in which they stand. */
const SECTIONS = { sets: 'White Gaussian noise', real: 'Photographs with real noise' } as const;
export type Section = keyof typeof SECTIONS;

/** Replaces one section between its markers; what people wrote around them stays. */
export async function writeSection(section: Section, content: string, file = resultsFile): Promise<void> {
  const old = await readFile(file, 'utf8').catch((failure) => {
    // any other failure must not end in a file without what people wrote
    if (failure.code === 'ENOENT') return TITLE;
    throw failure;
  });
  await writeFile(file, withSection(old, section, content));
}

export function withSection(text: string, section: Section, content: string): string {
  const begin = `<!-- ${section}: begin, written by a command -->`;
  const end = `<!-- ${section}: end -->`;
  const block = `${begin}\n\n${content}\n\n${end}`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from >= 0 && to > from) return text.slice(0, from) + block + text.slice(to + end.length);
  return `${text.trimEnd()}\n\n## ${SECTIONS[section]}\n\n${block}\n`;
}

const FOLDERS = ['--data', '--real', '--published'];

/** The command line that makes a section again, without where things lie on one machine. */
export function commandOf(args: readonly string[]): string {
  const words = args.map((word, i) => {
    if (FOLDERS.includes(args[i - 1] ?? '')) return '<folder>';
    const [option = '', ...value] = word.split('=');
    return FOLDERS.includes(option) && value.length > 0 ? `${option}=<folder>` : word;
  });
  return ['npm run evaluate --', ...words].join(' ');
}
