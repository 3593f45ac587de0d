import { type ModelCard, type Precision, precisionOf } from './card.ts';
import { type Device, maxTilePixels, planCost } from './limits.ts';
import { planTiles, type TilePlan } from './tiles.ts';

/** Tiles of a plan: about 200 KB of JSON. The largest image on the wasm backend needs a quarter of them. */
export const MAX_TILES = 4096;

/** What is known of the way to the edge; every field may be missing. */
export interface Connection {
  /** The visitor asked for less data. */
  readonly saveData?: boolean;
  /** 1e6 bit/s, as browsers estimate it. */
  readonly downlinkMbps?: number;
}

/** A connection from which on the larger weights come in the time of a page's image or two. */
const GOOD_DOWNLINK_MBPS = 10;

/** A plan, whoever made it: the edge, or a client that is offline. */
export interface ImagePlan extends TilePlan {
  readonly precision: Precision;
  readonly estimate: ReturnType<typeof planCost>;
}

/** The tiles for an image on a device. @throws DegrainError `bad-request` for absurd sizes and for too many tiles. */
export function planFor(card: ModelCard, width: number, height: number, device: Device): TilePlan {
  const needs = { halo: card.halo.measured, sizeMultiple: card.sizeMultiple };
  return planTiles(width, height, needs, { maxTilePixels: maxTilePixels(card, device), maxTiles: MAX_TILES });
}

/**
 * How the weights travel, unless somebody says it: q8 costs half the download and about a hundredth of a dB, so f16 is
 * for where it is published, the connection is known to be good, and a GPU computes in it.
 */
export function choosePrecision(card: ModelCard, device: Device, connection: Connection): Precision {
  const { backend = 'webgpu', shaderF16 = false } = device;
  const { saveData = false, downlinkMbps = 0 } = connection;
  const fits = backend === 'webgpu' && shaderF16;
  const good = !saveData && downlinkMbps >= GOOD_DOWNLINK_MBPS;
  return card.family !== 'filter' && fits && good ? 'f16' : 'q8';
}

/** Tiles, and what carrying them out takes. The same answer for the same question, at the edge and in the browser. */
export function withCost(card: ModelCard, precision: Precision, plan: TilePlan): ImagePlan {
  const { width, height, tile, halo, multiple, tiles } = plan;
  return {
    precision: precisionOf(card, precision),
    ...{ width, height, tile, halo, multiple, tiles },
    estimate: planCost(card, plan, precision),
  };
}
