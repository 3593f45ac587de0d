/**
 * A site's tables, one statement each. Totals are kept beside the rows they sum up, and move in the same transaction:
 * no report reads every row, and rows may go while totals stay. Counts and px are integers: sums are exact.
 * `revision` moves with each change of a total, `rolled` is the revision that the reports have.
 */
export const SCHEMA: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS site (
    only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
    id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    settings TEXT NOT NULL
  )`,
  `CREATE TABLE IF NOT EXISTS site_keys (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    hash TEXT NOT NULL,
    shown TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    good_until INTEGER
  ) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS events (
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
  ) WITHOUT ROWID`,
  `CREATE INDEX IF NOT EXISTS events_by_age ON events (at)`,
  `CREATE TABLE IF NOT EXISTS outcomes (
    plan_id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    backend TEXT NOT NULL,
    adapter TEXT NOT NULL,
    tiles INTEGER NOT NULL,
    milliseconds REAL NOT NULL,
    outcome TEXT NOT NULL
  ) WITHOUT ROWID`,
  `CREATE INDEX IF NOT EXISTS outcomes_by_age ON outcomes (at)`,
  `CREATE TABLE IF NOT EXISTS usage_days (
    day TEXT NOT NULL,
    kind TEXT NOT NULL,
    model TEXT NOT NULL,
    version TEXT NOT NULL,
    count INTEGER NOT NULL,
    px INTEGER NOT NULL,
    tiles INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    rolled INTEGER NOT NULL,
    PRIMARY KEY (day, kind, model, version)
  ) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS outcome_days (
    day TEXT NOT NULL,
    model TEXT NOT NULL,
    version TEXT NOT NULL,
    backend TEXT NOT NULL,
    outcome TEXT NOT NULL,
    count INTEGER NOT NULL,
    tiles INTEGER NOT NULL,
    milliseconds REAL NOT NULL,
    revision INTEGER NOT NULL,
    rolled INTEGER NOT NULL,
    PRIMARY KEY (day, model, version, backend, outcome)
  ) WITHOUT ROWID`,
];
