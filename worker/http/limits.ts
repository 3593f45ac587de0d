/** Bytes of a JSON body: several times the largest plan request. */
export const MAX_JSON_BYTES = 16 * 1024;

/**
 * px: the largest window that the edge runs at a time, about 9 MB of the isolate's 128. The largest image is one, with
 * its sides rounded up to multiples of 8, unless it is a mere strip.
 */
export const EDGE_TILE_PIXELS = 2 ** 16 + 2 ** 12;

/** Networks that an isolate keeps open: at most 8 MB each, of its 128. */
export const MOST_OPEN = 2;

/** Images that wait for the one that an isolate works on, and ms that each waits. */
export const MOST_WAITING = 8;
export const LONGEST_WAIT = 5000;

/** ms that a site's ledger has to answer, which takes it tens of them; a slower one counts as away. */
export const LEDGER_PATIENCE = 5000;

/** Days of a usage report. */
export const MAX_REPORT_DAYS = 366;
export const DEFAULT_REPORT_DAYS = 30;

/** Of a site's list. */
export const MAX_ORIGINS = 100;

/** Hours that a rotated key stays good unless told, and at most: a month. */
export const DEFAULT_OVERLAP_HOURS = 24;
export const MAX_OVERLAP_HOURS = 31 * 24;
