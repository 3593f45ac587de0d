/**
 * A site's tables. Totals are kept beside the rows, so that a report does not read them all, and move in the same
 * transaction. `px` and counts are integers: sums stay exact.
 */
export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS events (
    id TEXT PRIMARY KEY,
    format INTEGER NOT NULL,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    model TEXT NOT NULL,
    version TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    tiles INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    precision TEXT,
    device TEXT
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS outcomes (
    plan_id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    backend TEXT NOT NULL,
    adapter TEXT NOT NULL,
    tiles INTEGER NOT NULL,
    milliseconds REAL NOT NULL,
    outcome TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS days (
    day TEXT NOT NULL,
    kind TEXT NOT NULL,
    count INTEGER NOT NULL,
    px INTEGER NOT NULL,
    tiles INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    PRIMARY KEY (day, kind)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS day_outcomes (
    day TEXT NOT NULL,
    backend TEXT NOT NULL,
    outcome TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (day, backend, outcome)
  ) WITHOUT ROWID;
`;
