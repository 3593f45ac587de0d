export type SqlValue = string | number | null;

/** What the ledger wants of SQLite, so that it runs wherever there is one. Calls are synchronous. */
export interface Sql {
  /** One statement; `?` stands for the values in their order. */
  exec<Row>(statement: string, ...values: readonly SqlValue[]): Row[];
  /** All of the work or nothing of it. Not nested. */
  transaction<Result>(work: () => Result): Result;
}
