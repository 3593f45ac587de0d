import type { UsageReport, UsageTotals } from '../../worker/usage/report.ts';

/** One line of the table, and one column of each chart. */
export interface Row {
  readonly name: string;
  readonly values: Readonly<Record<string, number>>;
}

/** What is plotted together, by the names of the values. */
export interface ChartPlan {
  readonly title: string;
  readonly series: readonly string[];
}

const ENDS = { title: 'How plans ended', series: ['ok', 'failed', 'aborted'] };
const WORK: readonly ChartPlan[] = [
  { title: 'Requests', series: ['plans', 'edge denoises'] },
  { title: 'Megapixels', series: ['megapixels'] },
  ENDS,
];

/** A report, however it is grouped, as rows of numbers; `by` says what names them. */
export function rowsOf({ from, to, days, models, backends }: UsageReport): {
  by: string;
  rows: Row[];
  charts: readonly ChartPlan[];
} {
  if (backends) {
    const rows = backends.map(({ backend, outcomes, tiles, milliseconds }) => ({
      name: backend,
      values: { ...ends([outcomes]), tiles, seconds: Math.round(milliseconds / 1000) },
    }));
    return { by: 'engine', rows, charts: [ENDS, { title: 'Seconds of work', series: ['seconds'] }] };
  }
  if (models) {
    const rows = models.map(({ model, version, ...totals }) => ({
      name: `${model}@${version}`,
      values: valuesOf(totals),
    }));
    return { by: 'model', rows, charts: WORK };
  }
  const known = new Map((days ?? []).map(({ day, ...totals }) => [day, valuesOf(totals)]));
  const none = valuesOf({ plans: 0, edgeDenoises: 0, megapixels: 0, tiles: 0, bytesPlanned: 0, outcomes: {} });
  const rows = daysBetween(from, to).map((name) => ({ name, values: known.get(name) ?? none }));
  return { by: 'day', rows, charts: WORK };
}

export function valuesOf({ plans, edgeDenoises, megapixels, tiles, bytesPlanned, outcomes }: UsageTotals) {
  return {
    ...{ plans, 'edge denoises': edgeDenoises, megapixels, tiles, 'megabytes planned': bytesPlanned / 1e6 },
    ...ends(Object.values(outcomes)),
  };
}

function ends(outcomes: readonly Record<string, number>[]): Record<string, number> {
  const count = (name: string) => outcomes.reduce((sum, of) => sum + (of[name] ?? 0), 0);
  return { ok: count('ok'), failed: count('failed'), aborted: count('aborted') };
}

const DAY = 24 * 3600 * 1000;

/** A day without usage is a gap in the chart, not a day less. */
function daysBetween(from: string, to: string): string[] {
  const length = (Date.parse(to) - Date.parse(from)) / DAY + 1;
  return Array.from({ length }, (_, i) => new Date(Date.parse(from) + i * DAY).toISOString().slice(0, 10));
}
