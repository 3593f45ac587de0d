import type { UsageBeacon } from './api.ts';
import { type Edge, edgeAddress } from './request.ts';
import { addWaiting, dropWaiting, listWaiting, type WaitingReport } from './waiting.ts';

/** How a plan went, for the site's own statistics: no pixels, no names, no addresses. */
export type UsageReport = Readonly<UsageBeacon>;

/** What a plan was for: with it the edge counts a plan that it has not seen, once. */
export type PlanMade = NonNullable<UsageBeacon['plan']>;

/**
 * Nobody waits for it, and it waits itself: until it has arrived it is kept, and is sent again when the browser is
 * online, with the next report or the next visit. Ids make it count once, whichever tab sends it how often.
 *
 * To be called in the page, which `keepalive` outlives: a request of a worker that is ended at once does not always
 * leave.
 */
export function reportUsage(edge: Edge, report: UsageReport): void {
  const entry = { address: edgeAddress(edge, 'v1/usage'), report, since: Date.now() };
  addWaiting(entry);
  // at once and without a lock: the page may be about to close
  send(entry)
    .then((arrived) => (arrived ? sendWaiting() : undefined))
    .catch(unexpected);
}

/** What is left of before. One tab at a time, where the browser has locks. */
export async function sendWaiting(): Promise<void> {
  watchConnection();
  if (listWaiting().length === 0) return;
  const { locks } = navigator as { locks?: LockManager };
  await (locks ? locks.request('degrain-usage', sendAll) : sendAll());
}

async function sendAll(): Promise<void> {
  const unreachable = new Set<string>();
  for (const entry of listWaiting()) {
    if (!unreachable.has(entry.address) && !(await send(entry))) unreachable.add(entry.address);
  }
}

const onTheWay = new Set<string>();

/** Whether it need not be sent again: it has arrived, or never will. */
async function send(entry: WaitingReport): Promise<boolean> {
  const { address, report } = entry;
  if (onTheWay.has(report.planId)) return true;
  onTheWay.add(report.planId);
  try {
    const { status } = await fetch(address, { method: 'POST', body: JSON.stringify(report), keepalive: true });
    if (status === 429 || status >= 500) return false;
    dropWaiting(entry);
    return true;
  } catch (reason) {
    console.debug('degrain: a usage report waits', reason);
    return false;
  } finally {
    onTheWay.delete(report.planId);
  }
}

let watching = false;

function watchConnection(): void {
  if (watching) return;
  watching = true;
  addEventListener('online', () => sendWaiting().catch(unexpected));
}

const unexpected = (reason: unknown) => console.debug('degrain: usage reports', reason);
