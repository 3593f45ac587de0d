/** Headers for what a pattern matches. */
interface Rule {
  readonly matches: (url: URL) => boolean;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/**
 * Reads Cloudflare's `_headers`, as much of it as scripts/static-headers.ts writes: a pattern per paragraph, its headers
 * indented below it. `*` stands for anything, `:name` for a part of a path or host.
 */
export function readRules(text: string): Rule[] {
  return text
    .split(/\n(?=\S)/)
    .filter((paragraph) => paragraph.trim() !== '')
    .map((paragraph) => {
      const [pattern = '', ...lines] = paragraph.trim().split('\n');
      const headers = lines.map((line): [string, string] => {
        const [, name, value] = /^\s+([\w-]+):\s*(.+?)\s*$/.exec(line) ?? [];
        if (name === undefined || value === undefined) throw new Error(`Expected "Name: value" but received "${line}"`);
        return [name, value];
      });
      return { matches: matcher(pattern), headers };
    });
}

/** Of all rules that match; a header that several have gets all of their values. */
export function headersFor(url: URL, rules: readonly Rule[]): Headers {
  const headers = new Headers();
  for (const rule of rules) {
    if (!rule.matches(url)) continue;
    for (const [name, value] of rule.headers) headers.append(name, value);
  }
  return headers;
}

/** A pattern is a path, or an address with scheme and host; ports do not count. */
function matcher(pattern: string): Rule['matches'] {
  const source = pattern
    .split(/(\*|:[A-Za-z]\w*)/)
    .map((part, i) => (i % 2 === 0 ? part.replace(/[.+?^${}()|[\]\\]/g, '\\$&') : part === '*' ? '.*' : '[^/.]+'))
    .join('');
  const expression = new RegExp(`^${source}$`);
  if (pattern.startsWith('/')) return ({ pathname }) => expression.test(pathname);
  return ({ protocol, hostname, pathname }) => expression.test(`${protocol}//${hostname}${pathname}`);
}
