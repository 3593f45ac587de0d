-- What all sites together are asked for. The ledgers are the authority: days are copied from them, and may be again.
CREATE TABLE sites (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL -- ms since 1970
);

CREATE TABLE usage_days (
  site TEXT NOT NULL,
  day TEXT NOT NULL, -- YYYY-MM-DD, UTC
  kind TEXT NOT NULL, -- plan, edge
  model TEXT NOT NULL,
  version TEXT NOT NULL,
  count INTEGER NOT NULL,
  px INTEGER NOT NULL,
  tiles INTEGER NOT NULL,
  bytes INTEGER NOT NULL, -- that carrying the plans out downloads, if nothing is cached
  PRIMARY KEY (site, day, kind, model, version)
);

CREATE TABLE outcome_days (
  site TEXT NOT NULL,
  day TEXT NOT NULL,
  model TEXT NOT NULL,
  version TEXT NOT NULL,
  backend TEXT NOT NULL,
  outcome TEXT NOT NULL,
  count INTEGER NOT NULL,
  tiles INTEGER NOT NULL,
  milliseconds REAL NOT NULL, -- summed up over plans
  PRIMARY KEY (site, day, model, version, backend, outcome)
);

CREATE INDEX usage_days_by_day ON usage_days (day);
CREATE INDEX outcome_days_by_day ON outcome_days (day);
