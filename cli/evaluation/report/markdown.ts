/** Cells padded, so that the source reads as a table too. */
export function table(rows: readonly (readonly string[])[]): string {
  const [header, ...body] = rows as [readonly string[], ...(readonly string[])[]];
  const widths = header.map((_, i) => Math.max(3, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) => `| ${row.map((text, i) => text.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  return [line(header), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)].join('\n');
}

/** What is not known. */
export const NOTHING = '–';

/** A dash for nothing, the sign for what does not differ. */
export function decimal(value: number | undefined, digits: number): string {
  if (value === undefined) return NOTHING;
  return Number.isFinite(value) ? value.toFixed(digits) : '∞';
}

export function code(command: string): string {
  return `\`\`\`sh\n${command}\n\`\`\``;
}

export function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
