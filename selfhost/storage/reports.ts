import { readdirSync, readFileSync } from 'node:fs';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import type { SqlValue } from '../../worker/usage/sql.ts';
import { openDatabase } from './site-file.ts';

const MIGRATIONS = fileURLToPath(new URL('../../worker/usage/migrations/', import.meta.url));

/** The list of sites and the days of all, in one file, brought up to date by the migrations that D1 gets too. */
export function openReports(path: string): DatabaseSync {
  const database = openDatabase(path);
  const [row] = database.prepare('PRAGMA user_version').all() as { user_version: number }[];
  const done = row?.user_version ?? 0;
  for (const name of readdirSync(MIGRATIONS).sort()) {
    // 0001_… is the first
    const version = Number.parseInt(name, 10);
    if (version <= done) continue;
    database.exec(`BEGIN; ${readFileSync(MIGRATIONS + name, 'utf8')}; PRAGMA user_version = ${version}; COMMIT`);
  }
  return database;
}

interface Bound {
  run(): Row[];
  all(): Promise<{ results: Row[] }>;
}
type Row = Record<string, SQLOutputValue>;

/** As much of D1 as worker/usage/database.ts uses. */
export function d1Of(database: DatabaseSync) {
  const bound = (text: string, values: readonly SqlValue[]): Bound => {
    const run = () => database.prepare(text).all(...values);
    return { run, all: async () => ({ results: run() }) };
  };
  return {
    prepare: (text: string) => ({ bind: (...values: SqlValue[]) => bound(text, values) }),
    /** All or none. */
    batch: async (statements: readonly Bound[]) => {
      database.exec('BEGIN IMMEDIATE');
      try {
        for (const { run } of statements) run();
        database.exec('COMMIT');
      } finally {
        if (database.isTransaction) database.exec('ROLLBACK');
      }
    },
  };
}
