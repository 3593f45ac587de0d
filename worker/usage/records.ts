import { dayOf, type EdgeEvent, EVENT_FORMAT, type OutcomeEvent, type PlanEvent, type PlanInputs } from './event.ts';
import type { Quota } from './quota.ts';
import type { Sql } from './sql.ts';

type EventRow = Omit<PlanInputs, 'device'> & { kind: 'plan' | 'edge'; device: string };

/** What an id stands for: a plan's inputs, or a denoise at the edge. */
export type Known = ({ kind: 'plan' } & PlanInputs) | ({ kind: 'edge' } & Omit<PlanInputs, 'device' | 'precision'>);

/** A site's events, one row per id, and the totals that move with them. */
export class Records {
  readonly #sql: Sql;
  readonly #quota: Quota;

  constructor(sql: Sql, quota: Quota) {
    this.#sql = sql;
    this.#quota = quota;
  }

  find(id: string): Known | undefined {
    const select = 'SELECT kind, model, version, width, height, precision, device FROM events WHERE id = ?';
    const [row] = this.#sql.exec<EventRow>(select, id);
    if (!row) return undefined;
    const { kind, device, precision, ...rest } = row;
    if (kind === 'edge') return { kind, ...rest };
    return { kind, ...rest, precision, device: JSON.parse(device) as PlanInputs['device'] };
  }

  /** The row, and the totals only if it is new. Returns whether it is. */
  add(event: PlanEvent | EdgeEvent): boolean {
    const { id, kind, at, model, version, width, height, tiles, bytes } = event;
    const precision = kind === 'plan' ? event.precision : null;
    const device = kind === 'plan' ? JSON.stringify(event.device) : null;
    const isNew = this.#sql.transaction(() => {
      const inserted = this.#sql.exec(
        'INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id',
        ...[id, EVENT_FORMAT, kind, at, model, version, width, height, tiles, bytes, precision, device],
      );
      if (inserted.length === 0) return false;
      this.#sql.exec(
        `INSERT INTO usage_days VALUES (?, ?, ?, ?, 1, ?, ?, ?, 1, 0)
         ON CONFLICT DO UPDATE SET count = count + 1, px = px + excluded.px, tiles = tiles + excluded.tiles,
           bytes = bytes + excluded.bytes, revision = revision + 1`,
        ...[dayOf(at), kind, model, version, width * height, tiles, bytes],
      );
      return true;
    });
    if (isNew) this.#quota.add(at, width * height, kind === 'edge' ? 1 : 0);
    return isNew;
  }

  /** How a plan ended. `unknown` if there is no such plan, `again` if it was counted before. */
  addOutcome(event: OutcomeEvent): 'counted' | 'again' | 'unknown' {
    const { planId, at, backend, adapter, tiles, milliseconds, outcome } = event;
    const plan = this.find(planId);
    if (plan?.kind !== 'plan') return 'unknown';
    return this.#sql.transaction(() => {
      const inserted = this.#sql.exec(
        'INSERT INTO outcomes VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING plan_id',
        ...[planId, at, backend, adapter, tiles, milliseconds, outcome],
      );
      if (inserted.length === 0) return 'again';
      this.#sql.exec(
        `INSERT INTO outcome_days VALUES (?, ?, ?, ?, ?, 1, ?, ?, 1, 0)
         ON CONFLICT DO UPDATE SET count = count + 1, tiles = tiles + excluded.tiles,
           milliseconds = milliseconds + excluded.milliseconds, revision = revision + 1`,
        ...[dayOf(at), plan.model, plan.version, backend, outcome, tiles, milliseconds],
      );
      return 'counted';
    });
  }
}

type Image = Pick<PlanInputs, 'model' | 'width' | 'height'>;

/** Whether an id that is asked for again is so for the same image and model: the version may have moved on. */
export const isSameImage = (a: Image, b: Image) => a.model === b.model && a.width === b.width && a.height === b.height;
