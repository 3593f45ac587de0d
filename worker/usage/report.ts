import type { UsageReport, UsageTotals } from './event.ts';

/** A row of `days`. */
export type DayRow = { day: string; kind: 'plan' | 'edge'; count: number; px: number; tiles: number; bytes: number };

/** A row of `day_outcomes`. */
export type OutcomeRow = { day: string; backend: string; outcome: string; count: number };

export function buildReport(from: string, to: string, days: DayRow[], outcomes: OutcomeRow[]): UsageReport {
  const names = [...new Set([...days, ...outcomes].map(({ day }) => day))].sort();
  return {
    from,
    to,
    total: sum(days, outcomes),
    days: names.map((name) => ({
      day: name,
      ...sum(
        days.filter(({ day }) => day === name),
        outcomes.filter(({ day }) => day === name),
      ),
    })),
  };
}

function sum(days: DayRow[], outcomes: OutcomeRow[]): UsageTotals {
  const add = (rows: DayRow[], field: 'count' | 'px' | 'tiles' | 'bytes') =>
    rows.reduce((total, row) => total + row[field], 0);
  const byBackend: Record<string, Record<string, number>> = {};
  for (const { backend, outcome, count } of outcomes) {
    byBackend[backend] ??= {};
    const counts = byBackend[backend];
    counts[outcome] = (counts[outcome] ?? 0) + count;
  }
  return {
    plans: add(
      days.filter(({ kind }) => kind === 'plan'),
      'count',
    ),
    edgeDenoises: add(
      days.filter(({ kind }) => kind === 'edge'),
      'count',
    ),
    megapixels: add(days, 'px') / 1e6,
    tiles: add(days, 'tiles'),
    bytesPlanned: add(days, 'bytes'),
    outcomes: byBackend,
  };
}
