import type { SqlValue } from './sql.ts';

export interface Statement {
  readonly text: string;
  /** For `?`, in their order. */
  readonly values: readonly SqlValue[];
}

/** What the reports want of a database that is elsewhere: calls take their time, and may fail. */
export interface Database {
  /** All statements or none. */
  write(statements: readonly Statement[]): Promise<void>;
  read<Row>(statement: Statement): Promise<Row[]>;
}

export const statement = (text: string, ...values: readonly SqlValue[]): Statement => ({ text, values });

export function d1Database(d1: D1Database): Database {
  const prepared = ({ text, values }: Statement) => d1.prepare(text).bind(...values);
  return {
    write: async (statements) => {
      await d1.batch(statements.map(prepared));
    },
    read: async <Row>(asked: Statement) => (await prepared(asked).all<Row>()).results,
  };
}
