import { type ModelCard, type Precision, precisionOf } from '../models/card.ts';
import { type Device, maxTilePixels, planCost } from '../models/limits.ts';
import { planTiles, type TilePlan } from '../models/tiles.ts';
import type { Made } from './answers/described.ts';
import type { PlanOutline } from './answers/plan.ts';
import { MAX_TILES } from './http/limits.ts';
import { cardUrl, filesFor } from './published.ts';

/** The tiles for an image on a device. @throws DegrainError `bad-request` for absurd sizes and for too many tiles. */
export function planFor(card: ModelCard, width: number, height: number, device: Device): TilePlan {
  const needs = { halo: card.halo.measured, sizeMultiple: card.sizeMultiple };
  return planTiles(width, height, needs, { maxTilePixels: maxTilePixels(card, device), maxTiles: MAX_TILES });
}

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
    precision: precisionOf(card, precision),
    width: plan.width,
    height: plan.height,
    tile: plan.tile,
    halo: plan.halo,
    multiple: plan.multiple,
    tiles: plan.tiles,
    estimate: planCost(card, plan, precision),
  };
}
