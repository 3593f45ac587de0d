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
  /** Of the month that was asked for last. */
  #month: (Used & { readonly name: string }) | undefined;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  used(at: number): Used {
    const name = monthOf(at);
    if (this.#month?.name !== name) this.#month = { name, ...this.#read(name) };
    return this.#month;
  }

  /** The days' totals have moved. */
  add(at: number, px: number, denoises: number): void {
    if (this.#month?.name !== monthOf(at)) return;
    this.#month = { name: this.#month.name, px: this.#month.px + px, denoises: this.#month.denoises + denoises };
  }

  #read(month: string): Used {
    const [row] = this.#sql.exec<Used>(
      `SELECT IFNULL(SUM(px), 0) AS px, IFNULL(SUM(count) FILTER (WHERE kind = 'edge'), 0) AS denoises
       FROM usage_days WHERE day BETWEEN ? AND ?`,
      ...[`${month}-01`, `${month}-31`],
    );
    return row ?? { px: 0, denoises: 0 };
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
