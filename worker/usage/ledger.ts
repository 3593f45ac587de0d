import type { EdgeEvent, OutcomeEvent, PlanEvent, PlanInputs, UsageEvent } from './event.ts';
import { type KeyInfo, type KeyKind, KeyRing, type StoredKey } from './keys.ts';
import { originRule } from './origins.ts';
import { Quota, type QuotaRefusal } from './quota.ts';
import { RateLimit } from './rate.ts';
import { isSameImage, type Known, Records } from './records.ts';
import { buildReport, type Group, type UsageReport } from './report.ts';
import { SCHEMA } from './schema.ts';
import type { SiteSettings } from './settings.ts';
import type { Sql } from './sql.ts';
import { Upkeep } from './upkeep.ts';

/** Who asks, as far as the request says. */
export interface Access {
  readonly kind: KeyKind;
  /** SHA-256 of the key, hex. */
  readonly hash: string;
  /** The page's, as the browser sends it. */
  readonly origin: string | null;
}

export type Refusal =
  | { readonly code: 'unauthorized' | 'origin-not-allowed' }
  | { readonly code: 'rate-limited'; readonly waitMs: number }
  | ({ readonly code: 'quota-exceeded' } & QuotaRefusal);

/** `readable`: pages of the asking origin may read what comes. */
export type Answer<Value> =
  | { readonly readable: boolean; readonly value: Value }
  | { readonly readable: boolean; readonly refused: Refusal };

/** `new`, the inputs of the plan that had this id before, or `taken`: the id is of a denoise. */
export type PlanAnswer = 'new' | 'taken' | PlanInputs;
export type Admission = 'admitted' | 'held' | 'taken';
/** `gone`: there is no such site any more. */
export type Recorded = 'counted' | 'again' | 'taken' | 'gone';
export type OutcomeAnswer = 'counted' | 'again' | 'unknown' | 'taken';

/** What a site's owner sees of it. */
export interface SiteState extends SiteSettings {
  readonly id: string;
  /** ms since 1970. */
  readonly createdAt: number;
  readonly keys: readonly KeyInfo[];
  /** Of the running month, UTC. */
  readonly month: { readonly megapixels: number; readonly denoises: number };
}

/**
 * One site's ledger: its keys, settings, quota and usage. It decides and records in one synchronous step, on whatever
 * SQLite it is given; nobody else may write there while it lives, for it remembers what it has read. Before `create` it
 * writes nothing: whoever guesses at sites leaves no trace.
 */
export class Ledger {
  readonly #sql: Sql;
  readonly #keys: KeyRing;
  readonly #quota: Quota;
  readonly #records: Records;
  readonly #rate = new RateLimit();
  readonly upkeep: Upkeep;
  #site:
    | { id: string; createdAt: number; settings: SiteSettings; allows: (origin: string | null) => boolean }
    | undefined;

  constructor(sql: Sql) {
    this.#sql = sql;
    this.#keys = new KeyRing(sql);
    this.#quota = new Quota(sql);
    this.#records = new Records(sql, this.#quota);
    this.upkeep = new Upkeep(sql);
    const tables = sql.exec("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'site'");
    if (tables.length > 0) this.#open();
  }

  /** Id and name of the site; undefined before it is created. */
  get site(): { id: string; name: string; createdAt: number } | undefined {
    return this.#site && { id: this.#site.id, name: this.#site.settings.name, createdAt: this.#site.createdAt };
  }

  create(id: string, settings: SiteSettings, keys: readonly StoredKey[], now: number): void {
    if (this.#site) throw new Error(`Expected a new site but received ${id}, which there is`);
    this.#open();
    this.#sql.exec('INSERT INTO site VALUES (1, ?, ?, ?)', id, now, JSON.stringify(settings));
    for (const key of keys) this.#keys.add(key, 0, now);
    this.#load();
  }

  state(now: number): SiteState | undefined {
    if (!this.#site) return undefined;
    const { id, createdAt, settings } = this.#site;
    const { px, denoises } = this.#quota.used(now);
    return { id, createdAt, ...settings, keys: this.#keys.list(now), month: { megapixels: px / 1e6, denoises } };
  }

  change(changes: Partial<SiteSettings>): void {
    if (!this.#site) return;
    this.#sql.exec('UPDATE site SET settings = ?', JSON.stringify({ ...this.#site.settings, ...changes }));
    this.#load();
  }

  /** A new key of its kind; the old one stays good for `overlap` ms. Returns false where there is no site. */
  rotate(key: StoredKey, overlap: number, now: number): boolean {
    if (this.#site) this.#keys.add(key, overlap, now);
    return this.#site !== undefined;
  }

  revoke(keyId: string): boolean {
    return this.#site !== undefined && this.#keys.revoke(keyId);
  }

  /** Whether a key is good here, and how often it may ask. Counts nothing. */
  authorise(access: Access, now: number): Answer<'admitted'> {
    const readable = this.#site?.allows(access.origin) ?? false;
    const refused = this.#refuse(access, readable, now);
    return refused ? { readable, refused } : { readable, value: 'admitted' };
  }

  /** Counts a plan unless its id is known. What was counted before is answered, whatever the quota says. */
  plan(access: Access, event: PlanEvent, now: number): Answer<PlanAnswer> {
    const { readable, ...answer } = this.authorise(access, now);
    if ('refused' in answer) return { readable, ...answer };
    const refusal = this.#quota.refusePlan(this.#settings, event.width * event.height, event.at);
    if (!refusal && this.#records.add(event)) return { readable, value: 'new' };
    const known = this.#records.find(event.id);
    if (known) return { readable, value: known.kind === 'plan' ? inputsOf(known) : 'taken' };
    return { readable, refused: { code: 'quota-exceeded', ...(refusal as QuotaRefusal) } };
  }

  /**
   * Whether the edge may denoise an image for this caller. `held`: with a quota a place is held, which recording the
   * denoise or `release` gives back. A repeat of a counted id needs none.
   */
  admit(access: Access, id: string, mostPx: number, now: number): Answer<Admission> {
    const { readable, ...answer } = this.authorise(access, now);
    if ('refused' in answer) return { readable, ...answer };
    const known = this.#records.find(id);
    if (known) return { readable, value: known.kind === 'edge' ? 'admitted' : 'taken' };
    const { monthlyMegapixels, monthlyDenoises } = this.#settings;
    const refusal = this.#quota.hold(id, this.#settings, mostPx, now);
    if (refusal) return { readable, refused: { code: 'quota-exceeded', ...refusal } };
    return { readable, value: monthlyMegapixels === null && monthlyDenoises === null ? 'admitted' : 'held' };
  }

  release(id: string): void {
    this.#quota.release(id);
  }

  /** Of a denoise that was admitted: its work is done, so it counts whatever the quota says by now. */
  recordEdge(event: EdgeEvent): Recorded {
    this.#quota.release(event.id);
    if (!this.#site) return 'gone';
    if (this.#records.add(event)) return 'counted';
    const known = this.#records.find(event.id);
    return known?.kind === 'edge' && isSameImage(known, event) ? 'again' : 'taken';
  }

  /** How a plan ended; with the plan itself, where the client made it alone: that work is done, whatever the quota. */
  outcome(access: Access, event: OutcomeEvent, now: number): Answer<OutcomeAnswer> {
    const { readable, ...answer } = this.authorise(access, now);
    return 'refused' in answer ? { readable, ...answer } : { readable, value: this.#addOutcome(event) };
  }

  report(access: Access, from: string, to: string, by: Group, now: number): Answer<UsageReport> {
    const { readable, ...answer } = this.authorise(access, now);
    return 'refused' in answer ? { readable, ...answer } : { readable, value: buildReport(this.#sql, from, to, by) };
  }

  /** What happened while the ledger was away: it was served then, so it counts. */
  replay(event: UsageEvent): Recorded | OutcomeAnswer {
    if (!this.#site) return 'gone';
    if (event.kind === 'edge') return this.recordEdge(event);
    if (event.kind === 'outcome') return this.#addOutcome(event);
    return this.#records.add(event) ? 'counted' : 'again';
  }

  #addOutcome(event: OutcomeEvent): OutcomeAnswer {
    const { plan, ...outcome } = event;
    if (plan) {
      const known = this.#records.find(plan.id);
      if (!known) this.#records.add(plan);
      else if (known.kind !== 'plan' || !isSameImage(known, plan)) return 'taken';
    }
    return this.#records.addOutcome(outcome);
  }

  #refuse({ kind, hash }: Access, readable: boolean, now: number): Refusal | undefined {
    if (!this.#site || !this.#keys.accepts(kind, hash, now)) return { code: 'unauthorized' };
    if (kind === 'page' && !readable) return { code: 'origin-not-allowed' };
    const waitMs = this.#rate.take(this.#settings.requestsPerMinute, now);
    return waitMs > 0 ? { code: 'rate-limited', waitMs } : undefined;
  }

  get #settings(): SiteSettings {
    if (!this.#site) throw new Error('a site that was not created');
    return this.#site.settings;
  }

  /** Tables that a later version added are made here. */
  #open(): void {
    for (const statement of SCHEMA) this.#sql.exec(statement);
    this.#load();
  }

  #load(): void {
    const [row] = this.#sql.exec<{ id: string; created_at: number; settings: string }>('SELECT * FROM site');
    if (!row) return;
    const settings = JSON.parse(row.settings) as SiteSettings;
    this.#site = { id: row.id, createdAt: row.created_at, settings, allows: originRule(settings.origins) };
  }
}

const inputsOf = ({ kind: _, ...inputs }: Extract<Known, { kind: 'plan' }>): PlanInputs => inputs;
