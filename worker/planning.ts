import type { ModelCard, Precision } from '../models/card.ts';
import { withCost } from '../models/plan.ts';
import type { TilePlan } from '../models/tiles.ts';
import type { Made } from './answers/described.ts';
import type { PlanOutline } from './answers/plan.ts';
import { cardUrl, filesFor } from './published.ts';

export { planFor } from '../models/plan.ts';

/** A plan as it is sent, without the id that makes it count. */
export function describePlan(
  origin: string,
  card: ModelCard,
  precision: Precision,
  plan: TilePlan,
): Made<typeof PlanOutline> {
  const { id, version } = card;
  return {
    model: { id, version, card: cardUrl(origin, card), files: filesFor(origin, card, precision) },
    ...withCost(card, precision, plan),
  };
}
