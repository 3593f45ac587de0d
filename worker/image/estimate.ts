import type { ModelCard } from '../../models/card.ts';
import { planCost } from '../../models/limits.ts';
import { MAX_TILES } from '../../models/plan.ts';
import { planTiles } from '../../models/tiles.ts';
import { EDGE_TILE_PIXELS } from '../http/limits.ts';
import { Problem } from '../http/problem.ts';
import { describePlan, planFor } from '../planning.ts';
import { nameOf } from '../published.ts';
import type { Received } from './receive.ts';

/** What denoising this image at the edge would take, and the plan for doing it in the browser. */
export function estimate(request: Request, received: Received, card: ModelCard) {
  const { type, width, height, limits, fits } = received;
  return {
    model: nameOf(card),
    type,
    width,
    height,
    megapixels: (width * height) / 1e6,
    withinLimits: fits,
    limits: { pixels: limits.maxPixels, bytes: limits.maxBytes },
    ...costAtEdge(card, width, height),
    ...forBrowsers(request, received, card),
  };
}

/** None for what has more tiles than any plan may have. */
function costAtEdge(card: ModelCard, width: number, height: number) {
  const needs = { halo: card.halo.measured, sizeMultiple: card.sizeMultiple };
  const plan = orNone(() => planTiles(width, height, needs, { maxTilePixels: EDGE_TILE_PIXELS, maxTiles: MAX_TILES }));
  if (!plan) return {};
  const { gmacs, peakBytes } = planCost(card, plan, 'f16');
  return { tiles: plan.tiles.length, gmacs, peakBytes };
}

/** Carries what a browser needs to do it: a plan that counts once it is asked for, and where to do so. */
export function tooLarge(request: Request, received: Received, card: ModelCard): Problem {
  const { width, height, limits } = received;
  const { maxPixels, maxBytes } = limits;
  return new Problem('image-too-large', {
    expected: `at most ${maxPixels} pixels and ${maxBytes} bytes`,
    received: `${width} x ${height} = ${width * height} pixels${width * height > maxPixels ? '' : ', in more bytes'}`,
    remedy: 'Denoise it in the browser: open `links.page`, or embed degrain, which follows such a plan by itself.',
    more: forBrowsers(request, received, card),
  });
}

function forBrowsers(request: Request, { width, height }: Received, card: ModelCard) {
  const { origin } = new URL(request.url);
  return {
    plan: orNone(() => describePlan(origin, card, 'q8', planFor(card, width, height, {}))),
    links: { page: `${origin}/?model=${card.id}`, plans: `${origin}/v1/plans` },
  };
}

/** Beyond what any device takes there is no plan. */
function orNone<Result>(make: () => Result): Result | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
