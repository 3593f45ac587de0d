import type { UsageBeacon } from './api.ts';
import { type Edge, edgeAddress } from './request.ts';

/** How a plan went, for the site's own statistics: no pixels, no names, no addresses. */
export type UsageReport = Readonly<UsageBeacon>;

/**
 * Nobody waits for it and nothing depends on it: if it is lost, a line in a statistic is. To be called in the page,
 * which `keepalive` outlives: a request of a worker that is ended at once does not always leave.
 */
export function reportUsage(edge: Edge, report: UsageReport): void {
  const options = { method: 'POST', body: JSON.stringify(report), keepalive: true };
  fetch(edgeAddress(edge, 'v1/usage'), options).catch((reason) => console.debug('degrain: no usage report', reason));
}
