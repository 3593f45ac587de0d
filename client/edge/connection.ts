import type { Connection } from '../../models/plan.ts';

/** Not in every browser, and not in TypeScript's library. */
interface NetworkInformation {
  readonly saveData?: boolean;
  /** 1e6 bit/s, rounded, at most 10 in Chromium. */
  readonly downlink?: number;
}

/** What the browser knows of the way to the edge; undefined where it doesn't say. */
export function connection(): Connection | undefined {
  const { connection: known } = navigator as { connection?: NetworkInformation };
  if (!known) return undefined;
  const { saveData, downlink } = known;
  return { ...(saveData !== undefined && { saveData }), ...(downlink !== undefined && { downlinkMbps: downlink }) };
}
