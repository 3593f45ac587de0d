import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../env.ts';
import { d1Database } from './database.ts';
import type { EdgeEvent, OutcomeEvent, PlanEvent, UsageEvent } from './event.ts';
import { Keeper, type SiteStorage } from './keeper.ts';
import type { StoredKey } from './keys.ts';
import type { Access } from './ledger.ts';
import type { Group } from './report.ts';
import { LOCAL_SITE, type SiteSettings } from './settings.ts';

/**
 * The ledger of one site as a Durable Object. An object answers one call at a time and writes are durable before the
 * answer leaves it, so whatever a caller has been told was recorded, once.
 */
export class SiteLedger extends DurableObject<Env> {
  readonly #keeper: Keeper;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    const keeper = new Keeper(storageOf(state.storage), d1Database(env.REPORTS), env);
    this.#keeper = keeper;
    state.blockConcurrencyWhile(async () => {
      keeper.expectAlarm(await state.storage.getAlarm());
      if (state.id.name === LOCAL_SITE && env.LOCAL_KEYS === '1') await keeper.createLocal();
    });
  }

  authorise(access: Access) {
    return this.#keeper.authorise(access);
  }

  plan(access: Access, event: PlanEvent) {
    return this.#keeper.plan(access, event);
  }

  admit(access: Access, id: string, mostPx: number) {
    return this.#keeper.admit(access, id, mostPx);
  }

  release(id: string) {
    this.#keeper.release(id);
  }

  recordEdge(event: EdgeEvent) {
    return this.#keeper.recordEdge(event);
  }

  outcome(access: Access, event: OutcomeEvent) {
    return this.#keeper.outcome(access, event);
  }

  report(access: Access, from: string, to: string, by: Group) {
    return this.#keeper.report(access, from, to, by);
  }

  replay(event: UsageEvent) {
    return this.#keeper.replay(event);
  }

  create(id: string, settings: SiteSettings, keys: readonly StoredKey[]) {
    return this.#keeper.create(id, settings, keys);
  }

  state() {
    return this.#keeper.state();
  }

  change(changes: Partial<SiteSettings>) {
    return this.#keeper.change(changes);
  }

  rotate(key: StoredKey, overlap: number) {
    return this.#keeper.rotate(key, overlap);
  }

  revoke(keyId: string) {
    return this.#keeper.revoke(keyId);
  }

  remove() {
    return this.#keeper.remove();
  }

  override alarm() {
    return this.#keeper.alarm();
  }
}

function storageOf(storage: DurableObjectStorage): SiteStorage {
  return {
    sql: {
      exec: (statement, ...values) => storage.sql.exec(statement, ...values).toArray() as never,
      transaction: (work) => storage.transactionSync(work),
    },
    // what is written without waiting in between is one commit, and answers wait for it
    commit: (work) => work(),
    setAlarm: (at) => void storage.setAlarm(at),
    deleteAlarm: () => storage.deleteAlarm(),
    deleteAll: () => storage.deleteAll(),
  };
}
