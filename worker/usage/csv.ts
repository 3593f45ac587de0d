import { OUTCOMES } from './event.ts';
import type { UsageReport, UsageTotals } from './report.ts';

type Cell = string | number;

/** A report as RFC 4180 has tables; rows and columns are those of the JSON, flat. */
export function reportCsv({ days, models, backends }: UsageReport): string {
  if (backends) {
    const rows = backends.map(({ backend, outcomes, tiles, milliseconds }) => [
      ...[backend, ...counts([outcomes])],
      ...[tiles, milliseconds],
    ]);
    return table(['backend', ...OUTCOMES, 'tiles', 'milliseconds'], rows);
  }
  if (models) {
    const rows = models.map(({ model, version, ...totals }) => [model, version, ...cells(totals)]);
    return table(['model', 'version', ...COLUMNS], rows);
  }
  const rows = (days ?? []).map(({ day, ...totals }) => [day, ...cells(totals)]);
  return table(['day', ...COLUMNS], rows);
}

const COLUMNS = ['plans', 'edgeDenoises', 'megapixels', 'tiles', 'bytesPlanned', ...OUTCOMES];

const cells = ({ plans, edgeDenoises, megapixels, tiles, bytesPlanned, outcomes }: UsageTotals): Cell[] => [
  ...[plans, edgeDenoises, megapixels, tiles, bytesPlanned],
  ...counts(Object.values(outcomes)),
];

/** How many ended how, over all backends. */
const counts = (outcomes: Record<string, number>[]) =>
  OUTCOMES.map((outcome) => outcomes.reduce((sum, of) => sum + (of[outcome] ?? 0), 0));

/** All cells are numbers, days, and names of models and backends: none needs quotes. */
const table = (head: readonly string[], rows: readonly Cell[][]) =>
  [head, ...rows].map((row) => `${row.join(',')}\r\n`).join('');
