import type { Sql } from './sql.ts';

/** A day's total as the reports get it. */
export interface UsageDay {
  readonly day: string;
  readonly kind: 'plan' | 'edge';
  readonly model: string;
  readonly version: string;
  readonly count: number;
  readonly px: number;
  readonly tiles: number;
  readonly bytes: number;
  readonly revision: number;
}

export interface OutcomeDay {
  readonly day: string;
  readonly model: string;
  readonly version: string;
  readonly backend: string;
  readonly outcome: string;
  readonly count: number;
  readonly tiles: number;
  readonly milliseconds: number;
  readonly revision: number;
}

export interface ChangedDays {
  readonly usage: readonly UsageDay[];
  readonly outcomes: readonly OutcomeDay[];
}

/** Rows deleted at a time: the object answers nobody meanwhile. */
const PRUNE_ROWS = 2000;

/** What a ledger does when nobody asks: days that changed go to the reports, rows that are old go. */
export class Upkeep {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Days that the reports do not have as they are, the oldest first. */
  changed(most: number): ChangedDays {
    const rest = 'WHERE revision > rolled ORDER BY day LIMIT ?';
    const usage = this.#sql.exec<UsageDay>(
      `SELECT day, kind, model, version, count, px, tiles, bytes, revision FROM usage_days ${rest}`,
      most,
    );
    const outcomes = this.#sql.exec<OutcomeDay>(
      `SELECT day, model, version, backend, outcome, count, tiles, milliseconds, revision FROM outcome_days ${rest}`,
      most,
    );
    return { usage, outcomes };
  }

  /** The reports have these. What moved on meanwhile stays changed. */
  rolled({ usage, outcomes }: ChangedDays): void {
    this.#sql.transaction(() => {
      for (const { day, kind, model, version, revision } of usage) {
        this.#sql.exec(
          'UPDATE usage_days SET rolled = ? WHERE day = ? AND kind = ? AND model = ? AND version = ?',
          ...[revision, day, kind, model, version],
        );
      }
      for (const { day, model, version, backend, outcome, revision } of outcomes) {
        this.#sql.exec(
          `UPDATE outcome_days SET rolled = ?
           WHERE day = ? AND model = ? AND version = ? AND backend = ? AND outcome = ?`,
          ...[revision, day, model, version, backend, outcome],
        );
      }
    });
  }

  /** Deletes single events and outcomes from before a time; their days' totals stay. Returns whether all are gone. */
  prune(before: number): boolean {
    const some = (table: string, id: string) =>
      this.#sql.exec(
        `DELETE FROM ${table} WHERE ${id} IN (SELECT ${id} FROM ${table} WHERE at < ? LIMIT ?) RETURNING 1`,
        ...[before, PRUNE_ROWS],
      ).length;
    return Math.max(some('events', 'id'), some('outcomes', 'plan_id')) < PRUNE_ROWS;
  }

  /** When the oldest row that is left came, ms since 1970. */
  oldest(): number | undefined {
    const select = `SELECT MIN(at) AS at FROM (SELECT MIN(at) AS at FROM events
      UNION ALL SELECT MIN(at) FROM outcomes)`;
    return this.#sql.exec<{ at: number | null }>(select)[0]?.at ?? undefined;
  }
}
