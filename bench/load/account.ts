import { isDeepStrictEqual } from 'node:util';

const KEY = { authorization: 'Bearer sk_local' };

/** A plan under an id of our own, and what the edge answered to it, if it did. */
export interface OwnPlan {
  readonly request: {
    readonly planId: string;
    readonly model: string;
    readonly width: number;
    readonly height: number;
  };
  answer?: { tiles: readonly object[]; estimate: { downloadBytes: number } };
}

/** What a ledger says of all plans together. */
export interface Totals {
  readonly plans: number;
  readonly megapixels: number;
  readonly tiles: number;
  readonly bytesPlanned: number;
}

/** Sends a plan and keeps the answer; that is when it is acknowledged. @throws where it differs from the one before. */
export async function send(url: URL, plan: OwnPlan): Promise<void> {
  const body = JSON.stringify(plan.request);
  const response = await fetch(new URL('/v1/plans', url), { method: 'POST', headers: KEY, body });
  const answer = await response.json();
  if (!response.ok) throw new Wrong(`${response.status}: ${JSON.stringify(answer)}`);
  if (plan.answer && !isDeepStrictEqual(answer.tiles, plan.answer.tiles)) {
    throw new Wrong(`${plan.request.planId} got another plan than before`);
  }
  plan.answer = answer;
}

/** An answer that no kill explains. */
export class Wrong extends Error {}

export async function totals(url: URL): Promise<Totals> {
  const response = await fetch(new URL('/v1/usage', url), { headers: KEY });
  if (!response.ok) throw new Wrong(`GET /v1/usage: ${response.status}`);
  const { plans, megapixels, tiles, bytesPlanned } = (await response.json()).total as Totals;
  return { plans, megapixels, tiles, bytesPlanned };
}

/** What the ledger must say, by what was acknowledged. Sums of px are whole numbers, and exact. */
export function expected(acknowledged: readonly OwnPlan[]): Totals {
  const sum = (of: (plan: OwnPlan) => number) => acknowledged.reduce((total, plan) => total + of(plan), 0);
  return {
    plans: acknowledged.length,
    megapixels: sum(({ request }) => request.width * request.height) / 1e6,
    tiles: sum(({ answer }) => answer?.tiles.length ?? 0),
    bytesPlanned: sum(({ answer }) => answer?.estimate.downloadBytes ?? 0),
  };
}

/** Takes each of the items to the work, so many at a time. */
export async function inParallel<Item>(
  items: readonly Item[],
  atATime: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  const one = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: atATime }, one));
}
