import { DatabaseSync } from 'node:sqlite';
import type { Sql } from '../../../worker/usage/sql.ts';

/** Node's own SQLite: the ledger's core runs wherever there is one. */
export function nodeSql(path = ':memory:'): Sql {
  const database = new DatabaseSync(path);
  return {
    exec: <Row>(statement: string, ...values: (string | number | null)[]) =>
      database.prepare(statement).all(...values) as Row[],
    transaction(work) {
      database.exec('BEGIN');
      try {
        const result = work();
        database.exec('COMMIT');
        return result;
      } catch (failure) {
        database.exec('ROLLBACK');
        throw failure;
      }
    },
  };
}
