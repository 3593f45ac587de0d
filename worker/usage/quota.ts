import { monthOf, nextMonth } from './event.ts';
import type { SiteSettings } from './settings.ts';
import type { Sql } from './sql.ts';

/** Why a month's quota does not allow something. */
export interface QuotaRefusal {
  readonly quota: 'monthlyMegapixels' | 'monthlyDenoises';
  readonly limit: number;
  /** ms since 1970. */
  readonly resetsAt: number;
}

type Limits = Pick<SiteSettings, 'monthlyMegapixels' | 'monthlyDenoises'>;
interface Used {
  readonly px: number;
  readonly denoises: number;
}

/** ms: longer than any denoise at the edge. What was held for one that never ended is free again then. */
const HOLD = 120_000;

/**
 * What of the month is used. A denoise at the edge takes a while: its place is held from its start to its end, in
 * memory, so that many at once do not all see the last place free.
 */
export class Quota {
  readonly #sql: Sql;
  readonly #held = new Map<string, number>();

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  used(at: number): Used {
    const select = 'SELECT px, denoises FROM usage_months WHERE month = ?';
    return this.#sql.exec<Used>(select, monthOf(at))[0] ?? { px: 0, denoises: 0 };
  }

  add(at: number, px: number, denoises: number): void {
    this.#sql.exec(
      `INSERT INTO usage_months VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET px = px + excluded.px, denoises = denoises + excluded.denoises`,
      ...[monthOf(at), px, denoises],
    );
  }

  /** Undefined if a plan of this many px still fits. */
  refusePlan({ monthlyMegapixels: limit }: Limits, px: number, at: number): QuotaRefusal | undefined {
    if (limit === null || this.used(at).px + px <= limit * 1e6) return undefined;
    return { quota: 'monthlyMegapixels', limit, resetsAt: nextMonth(at) };
  }

  /**
   * Holds a place for a denoise. How large the image is nobody knows yet: the last one may go over the megapixels, and
   * while it runs, no other starts unless there is room for both at their largest, `mostPx`.
   */
  hold(id: string, limits: Limits, mostPx: number, at: number): QuotaRefusal | undefined {
    const { monthlyMegapixels, monthlyDenoises } = limits;
    if (monthlyMegapixels === null && monthlyDenoises === null) return undefined;
    for (const [held, until] of this.#held) if (until <= at) this.#held.delete(held);
    this.#held.delete(id);
    const { px, denoises } = this.used(at);
    const resetsAt = nextMonth(at);
    if (monthlyDenoises !== null && denoises + this.#held.size >= monthlyDenoises) {
      return { quota: 'monthlyDenoises', limit: monthlyDenoises, resetsAt };
    }
    if (monthlyMegapixels !== null && px + this.#held.size * mostPx >= monthlyMegapixels * 1e6) {
      return { quota: 'monthlyMegapixels', limit: monthlyMegapixels, resetsAt };
    }
    this.#held.set(id, at + HOLD);
    return undefined;
  }

  release(id: string): void {
    this.#held.delete(id);
  }
}
