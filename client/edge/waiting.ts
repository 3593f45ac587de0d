import type { UsageReport } from './usage.ts';

/** A report that has not arrived yet. */
export interface WaitingReport {
  /** Where it goes, with the site's public key. */
  readonly address: string;
  readonly report: UsageReport;
  /** ms since 1970, by this device's clock: only for giving up. */
  readonly since: number;
}

const NAME = 'degrain-usage';
const MOST = 100;
/** ms: the edge forgets ids after 15 days at the earliest, and could then count one twice. */
const GIVE_UP = 14 * 24 * 3600 * 1000;

/** Where a page may not keep anything, reports wait as long as the page is open. */
let inMemory = '[]';

/** Oldest first. What is too old, or not ours, is left out. */
export function listWaiting(now = Date.now()): WaitingReport[] {
  let kept: unknown;
  try {
    kept = JSON.parse(storage()?.getItem(NAME) ?? inMemory);
  } catch {
    // not written by us: nothing waits then
    return [];
  }
  return Array.isArray(kept) ? kept.filter((entry) => isOurs(entry) && now - entry.since < GIVE_UP) : [];
}

/** Of too many the oldest go. */
export function addWaiting(entry: WaitingReport): void {
  keep([...listWaiting().filter((other) => !isSame(other, entry)), entry].slice(-MOST));
}

export function dropWaiting(entry: WaitingReport): void {
  keep(listWaiting().filter((other) => !isSame(other, entry)));
}

const isSame = (a: WaitingReport, b: WaitingReport) => a.report.planId === b.report.planId && a.address === b.address;

function keep(list: readonly WaitingReport[]): void {
  inMemory = JSON.stringify(list);
  try {
    storage()?.setItem(NAME, inMemory);
  } catch (full) {
    console.debug('degrain: usage reports wait in memory only', full);
  }
}

/** Undefined in a page that may not have one: asking for it throws there. */
function storage(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}

function isOurs(entry: unknown): entry is WaitingReport {
  const { address, report, since } = (entry ?? {}) as Partial<WaitingReport>;
  return typeof address === 'string' && typeof since === 'number' && typeof report?.planId === 'string';
}
