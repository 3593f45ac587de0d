import { NOISE_KINDS } from '../../models/noise/kinds.ts';

const KINDS = NOISE_KINDS.map(({ name }) => name).join();

/** The parts of docs/results.md that commands write, in the order in which they stand, with what makes each again. */
const SECTIONS = {
  zoo: { title: 'Models', command: '--data <folder> --write' },
  white: { title: 'White Gaussian noise', command: '--data <folder> --parts white --precision f16,q8 --write' },
  kinds: { title: 'Kinds of noise', command: `--data <folder> --parts ${KINDS} --write` },
  real: { title: 'Photographs with real noise', command: '--data <folder> --parts real --write' },
  clean: { title: 'Photographs without noise', command: '--data <folder> --parts none --write' },
  autoencoders: { title: 'Autoencoders', command: '--render' },
  crops: { title: 'At 100 %', command: '--crops' },
} as const;
export type Section = keyof typeof SECTIONS;

/** Of each section, what is to stand in it; nothing leaves it as it is. */
export type Contents = Partial<Record<Section, string>>;

export const TITLE = '# Results\n\nWritten by `npm run evaluate`; the command above each table makes it again.\n';

/** Replaces sections between their markers; what people wrote around them stays. */
export function withSections(text: string, contents: Contents): string {
  return filled(contents).reduce((whole, [section, content]) => withSection(whole, section, content), text);
}

/** The sections alone, for a screen. */
export function asText(contents: Contents): string {
  return filled(contents)
    .map(([section, content]) => `## ${SECTIONS[section].title}\n\n${content}`)
    .join('\n\n');
}

function filled(contents: Contents): [Section, string][] {
  return (Object.keys(SECTIONS) as Section[]).flatMap((section) => {
    const content = contents[section];
    return content ? [[section, content] as [Section, string]] : [];
  });
}

export function withSection(text: string, section: Section, content: string): string {
  const { title, command } = SECTIONS[section];
  const begin = `<!-- ${section}: begin, written by a command -->`;
  const end = `<!-- ${section}: end -->`;
  const block = `${begin}\n\n\`\`\`sh\nnpm run evaluate -- ${command}\n\`\`\`\n\n${content}\n\n${end}`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from >= 0 && to > from) return text.slice(0, from) + block + text.slice(to + end.length);
  return `${text.trimEnd()}\n\n## ${title}\n\n${block}\n`;
}
