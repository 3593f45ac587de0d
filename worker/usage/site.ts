import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../env.ts';
import {
  dayOf,
  type EdgeEvent,
  EVENT_FORMAT,
  type OutcomeEvent,
  type PlanEvent,
  type PlanInputs,
  type UsageEvent,
  type UsageReport,
} from './event.ts';
import { buildReport, type DayRow, type OutcomeRow } from './report.ts';
import { SCHEMA } from './schema.ts';

type PlanRow = Omit<PlanInputs, 'device'> & { kind: string; device: string };

/**
 * One site's ledger. An object answers one call at a time and writes are durable before the answer leaves it, so
 * whatever a caller has been told was recorded, once.
 */
export class SiteLedger extends DurableObject<Env> {
  readonly #sql: SqlStorage;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#sql = state.storage.sql;
    this.#sql.exec(SCHEMA);
  }

  /** Counts a plan unless its id is known; returns what the plan of this id was made from, now or before. */
  recordPlan(event: PlanEvent): PlanInputs | undefined {
    if (this.#insert(event, event.precision, JSON.stringify(event.device))) return event;
    return this.findPlan(event.id);
  }

  /** What the plan of this id was made from, if there is one. */
  findPlan(id: string): PlanInputs | undefined {
    const select = 'SELECT kind, model, version, width, height, precision, device FROM events WHERE id = ?';
    const [row] = this.#sql.exec<PlanRow>(select, id).toArray();
    if (row?.kind !== 'plan') return undefined;
    const { kind: _, device, ...inputs } = row;
    return { ...inputs, device: JSON.parse(device) as PlanInputs['device'] };
  }

  /** Returns false if the id was counted before. */
  recordEdge(event: EdgeEvent): boolean {
    return this.#insert(event, null, null);
  }

  /** Counts how a plan ended. `unknown` if there is no such plan, `again` if it was counted before. */
  recordOutcome(event: OutcomeEvent): 'counted' | 'again' | 'unknown' {
    const { planId, at, backend, adapter, tiles, milliseconds, outcome } = event;
    if (!this.findPlan(planId)) return 'unknown';
    return this.ctx.storage.transactionSync(() => {
      const inserted = this.#sql.exec(
        `INSERT INTO outcomes VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING plan_id`,
        ...[planId, at, backend, adapter, tiles, milliseconds, outcome],
      );
      if (inserted.toArray().length === 0) return 'again';
      this.#sql.exec(
        `INSERT INTO day_outcomes VALUES (?, ?, ?, 1)
         ON CONFLICT DO UPDATE SET count = count + 1`,
        ...[dayOf(at), backend, outcome],
      );
      return 'counted';
    });
  }

  /** Days from `from` to `to`, both included, YYYY-MM-DD. */
  report(from: string, to: string): UsageReport {
    const between = 'WHERE day BETWEEN ? AND ?';
    const days = this.#sql.exec<DayRow>(`SELECT * FROM days ${between}`, from, to).toArray();
    const outcomes = this.#sql.exec<OutcomeRow>(`SELECT * FROM day_outcomes ${between}`, from, to).toArray();
    return buildReport(from, to, days, outcomes);
  }

  /** The row, and the day's totals only if it is new. */
  #insert(event: UsageEvent, precision: string | null, device: string | null): boolean {
    const { id, kind, at, model, version, width, height, tiles, bytes } = event;
    return this.ctx.storage.transactionSync(() => {
      const inserted = this.#sql.exec(
        `INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id`,
        ...[id, EVENT_FORMAT, kind, at, model, version, width, height, tiles, bytes, precision, device],
      );
      if (inserted.toArray().length === 0) return false;
      this.#sql.exec(
        `INSERT INTO days VALUES (?, ?, 1, ?, ?, ?)
         ON CONFLICT DO UPDATE SET count = count + 1, px = px + excluded.px,
           tiles = tiles + excluded.tiles, bytes = bytes + excluded.bytes`,
        ...[dayOf(at), kind, width * height, tiles, bytes],
      );
      return true;
    });
  }
}
