import { type Database, type Statement, statement } from './database.ts';
import type { ChangedDays } from './upkeep.ts';

/** A site in the list of all. */
export interface ListedSite {
  readonly id: string;
  readonly name: string;
  /** ms since 1970. */
  readonly createdAt: number;
}

/** The list of sites, and all sites' days: what one site's ledger cannot answer. */
export class Reports {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async sites(): Promise<ListedSite[]> {
    const select = 'SELECT id, name, created_at AS createdAt FROM sites ORDER BY created_at, id';
    return this.#database.read<ListedSite>(statement(select));
  }

  async listSite(site: ListedSite): Promise<void> {
    await this.#database.write([listing(site)]);
  }

  /** A site and all its days go. */
  async forgetSite(id: string): Promise<void> {
    await this.#database.write([
      statement('DELETE FROM sites WHERE id = ?', id),
      statement('DELETE FROM usage_days WHERE site = ?', id),
      statement('DELETE FROM outcome_days WHERE site = ?', id),
    ]);
  }

  /** Days as they stand now: writing them again changes nothing. */
  async writeDays(site: string, { usage, outcomes }: ChangedDays): Promise<void> {
    const writes = [
      ...usage.map(({ day, kind, model, version, count, px, tiles, bytes }) =>
        statement(
          `INSERT INTO usage_days VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET count = excluded.count, px = excluded.px, tiles = excluded.tiles,
             bytes = excluded.bytes`,
          ...[site, day, kind, model, version, count, px, tiles, bytes],
        ),
      ),
      ...outcomes.map(({ day, model, version, backend, outcome, count, tiles, milliseconds }) =>
        statement(
          `INSERT INTO outcome_days VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET count = excluded.count, tiles = excluded.tiles,
             milliseconds = excluded.milliseconds`,
          ...[site, day, model, version, backend, outcome, count, tiles, milliseconds],
        ),
      ),
    ];
    if (writes.length > 0) await this.#database.write(writes);
  }
}

function listing({ id, name, createdAt }: ListedSite): Statement {
  const insert = 'INSERT INTO sites VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET name = excluded.name';
  return statement(insert, id, name, createdAt);
}
