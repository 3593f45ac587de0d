import type { Sql } from './sql.ts';
import type { OutcomeDay, UsageDay } from './upkeep.ts';

export const GROUPS = ['day', 'model', 'backend'] as const;
export type Group = (typeof GROUPS)[number];

/** How many plans ended how. */
export type Outcomes = Record<string, number>;

/** Sums over a day (UTC) or several. */
export interface UsageTotals {
  /** Plans handed out. */
  readonly plans: number;
  /** Images that the edge denoised. */
  readonly edgeDenoises: number;
  /** 1e6 px, of both. */
  readonly megapixels: number;
  /** Tiles planned or run, of both. */
  readonly tiles: number;
  readonly bytesPlanned: number;
  /** By backend. */
  readonly outcomes: Record<string, Outcomes>;
}

/** What a backend did, as clients report it. */
export interface BackendTotals {
  readonly backend: string;
  readonly outcomes: Outcomes;
  /** Tiles that were finished. */
  readonly tiles: number;
  /** ms from the plan to the last tile, summed up over plans. */
  readonly milliseconds: number;
}

export interface UsageReport {
  /** First and last day, YYYY-MM-DD, UTC. */
  readonly from: string;
  readonly to: string;
  readonly total: UsageTotals;
  /** One of these, as asked. Days with usage, oldest first. */
  readonly days?: readonly ({ readonly day: string } & UsageTotals)[];
  readonly models?: readonly ({ readonly model: string; readonly version: string } & UsageTotals)[];
  readonly backends?: readonly BackendTotals[];
}

/** Days from `from` to `to`, both included, YYYY-MM-DD. */
export function buildReport(sql: Sql, from: string, to: string, by: Group): UsageReport {
  const between = 'WHERE day BETWEEN ? AND ? ORDER BY day';
  const usage = sql.exec<UsageDay>(`SELECT * FROM usage_days ${between}`, from, to);
  const outcomes = sql.exec<OutcomeDay>(`SELECT * FROM outcome_days ${between}`, from, to);
  const report = { from, to, total: totals(usage, outcomes) };
  if (by === 'backend') return { ...report, backends: byBackend(outcomes) };
  if (by === 'model') {
    const nameOf = ({ model, version }: Row) => `${model}@${version}`;
    const models = grouped(usage, outcomes, nameOf, ({ model, version }) => ({ model, version }));
    return { ...report, models };
  }
  const days = grouped(
    usage,
    outcomes,
    ({ day }) => day,
    ({ day }) => ({ day }),
  );
  return { ...report, days };
}

type Row = UsageDay | OutcomeDay;

/** Totals of the rows that have the same name, in the names' order. */
function grouped<Head>(
  usage: readonly UsageDay[],
  outcomes: readonly OutcomeDay[],
  nameOf: (row: Row) => string,
  headOf: (row: Row) => Head,
): (Head & UsageTotals)[] {
  const groups = new Map<string, { head: Head; usage: UsageDay[]; outcomes: OutcomeDay[] }>();
  const groupOf = (row: Row) => {
    const name = nameOf(row);
    const group = groups.get(name) ?? { head: headOf(row), usage: [], outcomes: [] };
    groups.set(name, group);
    return group;
  };
  for (const row of usage) groupOf(row).usage.push(row);
  for (const row of outcomes) groupOf(row).outcomes.push(row);
  const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([, { head, ...rows }]) => ({ ...head, ...totals(rows.usage, rows.outcomes) }));
}

function totals(usage: readonly UsageDay[], outcomes: readonly OutcomeDay[]): UsageTotals {
  const sums = { plans: 0, edgeDenoises: 0, px: 0, tiles: 0, bytesPlanned: 0 };
  for (const { kind, count, px, tiles, bytes } of usage) {
    sums[kind === 'plan' ? 'plans' : 'edgeDenoises'] += count;
    sums.px += px;
    sums.tiles += tiles;
    sums.bytesPlanned += bytes;
  }
  const { px, ...rest } = sums;
  const ended = Object.fromEntries(byBackend(outcomes).map(({ backend, outcomes }) => [backend, outcomes]));
  return { ...rest, megapixels: px / 1e6, outcomes: ended };
}

function byBackend(rows: readonly OutcomeDay[]): BackendTotals[] {
  const found = new Map<string, { outcomes: Outcomes; tiles: number; milliseconds: number }>();
  for (const { backend, outcome, count, tiles, milliseconds } of rows) {
    const sums = found.get(backend) ?? { outcomes: {}, tiles: 0, milliseconds: 0 };
    found.set(backend, sums);
    sums.outcomes[outcome] = (sums.outcomes[outcome] ?? 0) + count;
    sums.tiles += tiles;
    sums.milliseconds += milliseconds;
  }
  return [...found].map(([backend, sums]) => ({ backend, ...sums }));
}
