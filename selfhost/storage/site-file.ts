import { existsSync, rmSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Sql } from '../../worker/usage/sql.ts';

/**
 * SQLite as the server opens it. What is committed is on the disk: in WAL mode, `FULL` syncs the log before each commit
 * returns, so that neither a kill nor a power cut takes back what was answered.
 */
export function openDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  return database;
}

/** One site's database. The file is made by the first write: whoever asks about sites that are not leaves no trace. */
export class SiteFile implements Sql {
  readonly #path: string;
  #database: DatabaseSync | undefined;
  #statements = new Map<string, StatementSync>();
  #committing = false;

  constructor(path: string) {
    this.#path = path;
  }

  exec<Row>(text: string, ...values: readonly (string | number | null)[]): Row[] {
    if (!this.#database && text.startsWith('SELECT') && !existsSync(this.#path)) return [];
    let statement = this.#statements.get(text);
    if (!statement) {
      statement = this.#open().prepare(text);
      this.#statements.set(text, statement);
    }
    return statement.all(...values) as Row[];
  }

  /** A savepoint: within `commit`, others go on where this fails. */
  transaction<Result>(work: () => Result): Result {
    const database = this.#open();
    // SQLite ends a transaction by itself when the disk fails; what came after would be written on its own
    if (this.#committing && !database.isTransaction) throw new Error('the transaction was ended by a failure before');
    database.exec('SAVEPOINT work');
    try {
      const result = work();
      database.exec('RELEASE work');
      return result;
    } catch (failure) {
      if (database.isTransaction) database.exec('ROLLBACK TO work; RELEASE work');
      throw failure;
    }
  }

  /** All that is written meanwhile becomes durable at once, or none of it. */
  commit(work: () => void): void {
    if (existsSync(this.#path)) this.#open().exec('BEGIN IMMEDIATE');
    this.#committing = true;
    try {
      work();
      this.#database?.exec('COMMIT');
    } finally {
      this.#committing = false;
      if (this.#database?.isTransaction) this.#database.exec('ROLLBACK');
    }
  }

  close(): void {
    this.#database?.close();
    this.#database = undefined;
    this.#statements.clear();
  }

  delete(): void {
    this.close();
    for (const end of ['', '-wal', '-shm']) rmSync(this.#path + end, { force: true });
  }

  #open(): DatabaseSync {
    if (this.#database) return this.#database;
    this.#database = openDatabase(this.#path);
    if (this.#committing) this.#database.exec('BEGIN IMMEDIATE');
    return this.#database;
  }
}
