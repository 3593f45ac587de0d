import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../env.ts';
import { d1Database } from './database.ts';
import type { EdgeEvent, OutcomeEvent, PlanEvent, UsageEvent } from './event.ts';
import { type StoredKey, storedKey } from './keys.ts';
import {
  type Access,
  type Admission,
  type Answer,
  Ledger,
  type OutcomeAnswer,
  type PlanAnswer,
  type Recorded,
  type SiteState,
} from './ledger.ts';
import type { Group, UsageReport } from './report.ts';
import { Reports } from './reports.ts';
import { LOCAL_SETTINGS, LOCAL_SITE, type SiteSettings } from './settings.ts';
import type { Sql } from './sql.ts';

const DAY = 24 * 3600 * 1000;

/** Days written to the reports in one go. */
const ROLLED_AT_ONCE = 50;

/** Ids are remembered at least as long as the queue and the clients' own queues may repeat them. */
const LEAST_RETENTION = 15 * DAY;

/**
 * The ledger of one site as a Durable Object. An object answers one call at a time and writes are durable before the
 * answer leaves it, so whatever a caller has been told was recorded, once.
 */
export class SiteLedger extends DurableObject<Env> {
  #ledger: Ledger;
  /** When the alarm rings, ms since 1970. */
  #alarm: number | null = null;
  readonly #waiting: (() => void)[] = [];

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#ledger = new Ledger(sqlOf(state.storage));
    state.blockConcurrencyWhile(async () => {
      this.#alarm = await state.storage.getAlarm();
      if (state.id.name === LOCAL_SITE && env.LOCAL_KEYS === '1' && !this.#ledger.site) await this.#createLocal();
    });
  }

  authorise(access: Access): Answer<'admitted'> {
    return this.#ledger.authorise(access, Date.now());
  }

  plan(access: Access, event: PlanEvent): Promise<Answer<PlanAnswer>> {
    return this.#write((ledger) => ledger.plan(access, event, Date.now()));
  }

  admit(access: Access, id: string, mostPx: number): Answer<Admission> {
    return this.#ledger.admit(access, id, mostPx, Date.now());
  }

  release(id: string): void {
    this.#ledger.release(id);
  }

  recordEdge(event: EdgeEvent): Promise<Recorded> {
    return this.#write((ledger) => ledger.recordEdge(event));
  }

  outcome(access: Access, event: OutcomeEvent): Promise<Answer<OutcomeAnswer>> {
    return this.#write((ledger) => ledger.outcome(access, event, Date.now()));
  }

  report(access: Access, from: string, to: string, by: Group): Answer<UsageReport> {
    return this.#ledger.report(access, from, to, by, Date.now());
  }

  replay(event: UsageEvent): Promise<Recorded | OutcomeAnswer> {
    return this.#write((ledger) => ledger.replay(event));
  }

  create(id: string, settings: SiteSettings, keys: readonly StoredKey[]): SiteState | undefined {
    this.#ledger.create(id, settings, keys, Date.now());
    return this.state();
  }

  state(): SiteState | undefined {
    return this.#ledger.state(Date.now());
  }

  change(changes: Partial<SiteSettings>): SiteState | undefined {
    this.#ledger.change(changes);
    return this.state();
  }

  rotate(key: StoredKey, overlap: number): boolean {
    return this.#ledger.rotate(key, overlap, Date.now());
  }

  revoke(keyId: string): boolean {
    return this.#ledger.revoke(keyId);
  }

  /** The site ends, and all that is known of it. Returns false if there was none. */
  async remove(): Promise<boolean> {
    if (!this.#ledger.site) return false;
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
    this.#ledger = new Ledger(sqlOf(this.ctx.storage));
    this.#alarm = null;
    return true;
  }

  /** Days go to the reports, then old rows go. Where the reports fail, nothing is deleted and all of it comes again. */
  override async alarm(): Promise<void> {
    this.#alarm = null;
    const { upkeep } = this.#ledger;
    if (!this.#ledger.site) return;
    const retention = Math.max(LEAST_RETENTION, this.env.RETENTION_DAYS * DAY);
    try {
      const rolled = await this.#rollUp(this.#ledger);
      if (!this.#ledger.site) return;
      const done = rolled && upkeep.prune(Date.now() - retention);
      const oldest = upkeep.oldest();
      if (!done) this.#ringBy(Date.now());
      else if (oldest !== undefined) this.#ringBy(oldest + retention);
    } catch (failure) {
      console.error('rollup', failure);
      if (this.#ledger.site) this.#ringBy(Date.now() + this.#rollupPause);
    }
  }

  /** Returns whether the reports have everything. */
  async #rollUp(ledger: Ledger): Promise<boolean> {
    const { site, upkeep } = ledger;
    if (!site) return true;
    const reports = new Reports(d1Database(this.env.REPORTS));
    const changed = upkeep.changed(ROLLED_AT_ONCE);
    await reports.writeDays(site.id, changed);
    // a site that was deleted meanwhile has left no days there
    if (this.#ledger !== ledger) await reports.forgetSite(site.id);
    else upkeep.rolled(changed);
    return changed.usage.length < ROLLED_AT_ONCE && changed.outcomes.length < ROLLED_AT_ONCE;
  }

  /**
   * What comes at the same time is written in one turn, and so in one commit: waiting for the disk is what a commit
   * costs, and the answers of all leave after it.
   */
  #write<Result>(work: (ledger: Ledger) => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push(() => {
        try {
          resolve(work(this.#ledger));
        } catch (failure) {
          reject(failure);
        }
      });
      if (this.#waiting.length === 1) setTimeout(() => this.#writeAll(), 0);
    });
  }

  #writeAll(): void {
    for (const write of this.#waiting.splice(0)) write();
    if (this.#ledger.site) this.#ringBy(Date.now() + this.#rollupPause);
  }

  get #rollupPause(): number {
    return this.env.ROLLUP_SECONDS * 1000;
  }

  #ringBy(at: number): void {
    if (this.#alarm !== null && this.#alarm <= at) return;
    this.#alarm = at;
    void this.ctx.storage.setAlarm(at);
  }

  async #createLocal(): Promise<void> {
    const keys = [storedKey('pk_local', 'page', 'page'), storedKey('sk_local', 'secret', 'secret')];
    this.#ledger.create(LOCAL_SITE, LOCAL_SETTINGS, await Promise.all(keys), Date.now());
  }
}

function sqlOf(storage: DurableObjectStorage): Sql {
  return {
    exec: (statement, ...values) => storage.sql.exec(statement, ...values).toArray() as never,
    transaction: (work) => storage.transactionSync(work),
  };
}
