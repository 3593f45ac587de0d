import type { Database } from './database.ts';
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

/** Where one site's ledger is kept. */
export interface SiteStorage {
  readonly sql: Sql;
  /** What the work writes is durable together, or not at all and this throws: whoever is answered after it was counted. */
  commit(work: () => void): void;
  /** Calls the keeper's `alarm` at that time, ms since 1970, instead of at any other. */
  setAlarm(at: number): void;
  deleteAlarm(): Promise<void>;
  /** Everything goes; `sql` begins afresh. */
  deleteAll(): Promise<void>;
}

export interface UpkeepTimes {
  readonly RETENTION_DAYS: number;
  readonly ROLLUP_SECONDS: number;
}

interface Waiting {
  write(): void;
  /** After the commit. */
  settle(): void;
  fail(reason: unknown): void;
}

/** Keeps one site's ledger: writes together what comes together, and does what has to be done when nobody asks. */
export class Keeper {
  readonly #storage: SiteStorage;
  readonly #reports: Reports;
  readonly #times: UpkeepTimes;
  #opened: Ledger | undefined;
  /** When the alarm rings, ms since 1970. */
  #alarm: number | null = null;
  readonly #waiting: Waiting[] = [];

  constructor(storage: SiteStorage, reports: Database, times: UpkeepTimes) {
    this.#storage = storage;
    this.#reports = new Reports(reports);
    this.#times = times;
  }

  /** The alarm that was set before the keeper came. */
  expectAlarm(at: number | null): void {
    this.#alarm = at;
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
    this.#commit((ledger) => ledger.create(id, settings, keys, Date.now()));
    return this.state();
  }

  /** The site of the local keys, unless there is one. */
  async createLocal(): Promise<void> {
    if (this.#ledger.site) return;
    const keys = [storedKey('pk_local', 'page', 'page'), storedKey('sk_local', 'secret', 'secret')];
    this.create(LOCAL_SITE, LOCAL_SETTINGS, await Promise.all(keys));
  }

  state(): SiteState | undefined {
    return this.#ledger.state(Date.now());
  }

  change(changes: Partial<SiteSettings>): SiteState | undefined {
    this.#commit((ledger) => ledger.change(changes));
    return this.state();
  }

  rotate(key: StoredKey, overlap: number): boolean {
    return this.#commit((ledger) => ledger.rotate(key, overlap, Date.now()));
  }

  revoke(keyId: string): boolean {
    return this.#commit((ledger) => ledger.revoke(keyId));
  }

  /** The site ends, and all that is known of it. Returns false if there was none. */
  async remove(): Promise<boolean> {
    if (!this.#ledger.site) return false;
    await this.#storage.deleteAlarm();
    await this.#storage.deleteAll();
    this.#opened = undefined;
    this.#alarm = null;
    return true;
  }

  /** Days go to the reports, then old rows go. Where the reports fail, nothing is deleted and all of it comes again. */
  async alarm(): Promise<void> {
    this.#alarm = null;
    const { upkeep } = this.#ledger;
    if (!this.#ledger.site) return;
    const retention = Math.max(LEAST_RETENTION, this.#times.RETENTION_DAYS * DAY);
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
    const changed = upkeep.changed(ROLLED_AT_ONCE);
    await this.#reports.writeDays(site.id, changed);
    // a site that was deleted meanwhile has left no days there
    if (!this.#ledger.site) await this.#reports.forgetSite(site.id);
    else upkeep.rolled(changed);
    return changed.usage.length < ROLLED_AT_ONCE && changed.outcomes.length < ROLLED_AT_ONCE;
  }

  /**
   * What comes at the same time is written in one turn, and so in one commit: waiting for the disk is what a commit
   * costs, and the answers of all leave after it.
   */
  #write<Result>(work: (ledger: Ledger) => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      let settle: () => void;
      const write = () => {
        try {
          const result = work(this.#ledger);
          settle = () => resolve(result);
        } catch (failure) {
          settle = () => reject(failure);
        }
      };
      this.#waiting.push({ write, settle: () => settle(), fail: reject });
      if (this.#waiting.length === 1) setTimeout(() => this.#writeAll(), 0);
    });
  }

  #writeAll(): void {
    const together = this.#waiting.splice(0);
    try {
      this.#commit(() => {
        for (const { write } of together) write();
      });
    } catch (failure) {
      for (const { fail } of together) fail(failure);
      return;
    }
    for (const { settle } of together) settle();
    if (this.#ledger.site) this.#ringBy(Date.now() + this.#rollupPause);
  }

  #commit<Result>(work: (ledger: Ledger) => Result): Result {
    let result: Result | undefined;
    try {
      this.#storage.commit(() => {
        result = work(this.#ledger);
      });
    } catch (failure) {
      // it remembers what the storage does not have
      this.#opened = undefined;
      throw failure;
    }
    return result as Result;
  }

  get #ledger(): Ledger {
    this.#opened ??= new Ledger(this.#storage.sql);
    return this.#opened;
  }

  get #rollupPause(): number {
    return this.#times.ROLLUP_SECONDS * 1000;
  }

  #ringBy(at: number): void {
    if (this.#alarm !== null && this.#alarm <= at) return;
    this.#alarm = at;
    this.#storage.setAlarm(at);
  }
}
