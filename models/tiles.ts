import { expectThat } from './errors.ts';

/** A rectangle in the image, px. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * How an image is cut. All windows have the one shape `tile` (backends pool their buffers by shape); `tiles` are the
 * parts of the result that each window answers for. They cover the image once, without overlap.
 */
export interface TilePlan {
  readonly width: number;
  readonly height: number;
  readonly tile: { readonly width: number; readonly height: number };
  readonly halo: number;
  readonly multiple: number;
  readonly tiles: readonly Rectangle[];
}

export interface TileLimits {
  /** Most pixels that one window may have. */
  readonly maxTilePixels: number;
  /** Most tiles, where a plan must not grow without bound: they are counted before any is made. */
  readonly maxTiles?: number;
  /** The point that the visitor looks at, px: tiles nearest to it come first. The image's middle unless given. */
  readonly focus?: { readonly x: number; readonly y: number };
}

/** What the planner has to know of a model: see the card. */
export interface TilingNeeds {
  readonly halo: number;
  readonly sizeMultiple: number;
}

/** The largest side of an image, px: what JPEG allows, and far more than any canvas. */
export const MAX_SIDE = 65535;
/** Most pixels of an image: a quarter of what Uint8 RGBA in one ArrayBuffer could hold in today's browsers. */
export const MAX_PIXELS = 2 ** 28;

const roundUp = (value: number, multiple: number) => Math.ceil(value / multiple) * multiple;

/**
 * The fewest equal windows that fit the limits, and of those the plan that computes the fewest pixels. A window keeps
 * at least `halo` pixels of the real image around its part on every side that is not the image's own border, and
 * starts at a multiple of `sizeMultiple`, so that the network's strides fall as they would in the whole image.
 *
 * @throws DegrainError `bad-request` for sizes that are no whole number of pixels between 1 and the maximum, for
 * limits too small for a window that holds two halos, and for more than `maxTiles`.
 */
export function planTiles(width: number, height: number, needs: TilingNeeds, limits: TileLimits): TilePlan {
  for (const [name, side] of [
    ['width', width],
    ['height', height],
  ] as const) {
    expectThat(Number.isInteger(side) && side >= 1 && side <= MAX_SIDE, () => ({
      expected: `${name} to be a whole number of pixels from 1 to ${MAX_SIDE}`,
      received: String(side),
      remedy: 'Give the size of the decoded image.',
    }));
  }
  expectThat(width * height <= MAX_PIXELS, () => ({
    expected: `at most ${MAX_PIXELS} pixels`,
    received: `${width} x ${height} = ${width * height}`,
    remedy: 'Cut the image into parts, or make it smaller.',
  }));
  const { sizeMultiple: multiple } = needs;
  const halo = roundUp(needs.halo, multiple);
  const shape = bestShape(roundUp(width, multiple), roundUp(height, multiple), halo, multiple, limits.maxTilePixels);
  const columns = cutSide(width, shape.width, halo);
  const rows = cutSide(height, shape.height, halo);
  const { maxTiles = Number.POSITIVE_INFINITY } = limits;
  expectThat(columns.length * rows.length <= maxTiles, () => ({
    expected: `an image that fits in ${maxTiles} tiles`,
    received: `one that needs ${columns.length * rows.length}`,
    remedy: 'Allow larger tiles (more memory), or make the image smaller.',
  }));
  const focus = limits.focus ?? { x: width / 2, y: height / 2 };
  const distance = (r: Rectangle) => Math.hypot(r.x + r.width / 2 - focus.x, r.y + r.height / 2 - focus.y);
  const tiles = rows
    .flatMap(([y, h]) => columns.map(([x, w]) => ({ x, y, width: w, height: h })))
    .sort((a, b) => distance(a) - distance(b) || a.y - b.y || a.x - b.x);
  return { width, height, tile: shape, halo, multiple, tiles };
}

/** Where the window of a part starts, px: multiples of the model's, and inside the (padded) image. */
export function windowOrigin(plan: TilePlan, part: Rectangle): { x: number; y: number } {
  return {
    x: sideOrigin(part.x, plan.tile.width, plan.width, plan),
    y: sideOrigin(part.y, plan.tile.height, plan.height, plan),
  };
}

function sideOrigin(start: number, window: number, side: number, { halo, multiple }: TilePlan): number {
  const last = roundUp(side, multiple) - window;
  return Math.max(0, Math.min(start - halo, last));
}

/** The parts [start, length] that windows of one length answer for along a side. */
function cutSide(side: number, window: number, halo: number): [start: number, length: number][] {
  if (window >= side) return [[0, side]];
  const parts: [number, number][] = [];
  // The first window has its halo on one side only, the others on both; the last one is shifted inwards.
  for (let start = 0; start < side; ) {
    const origin = Math.max(0, start - halo);
    const end = origin + window >= side ? side : origin + window - halo;
    parts.push([start, end - start]);
    start = end;
  }
  return parts;
}

/** The shortest window (a multiple) with which `count` of them cover a padded side. */
function windowFor(side: number, count: number, halo: number, multiple: number): number {
  if (count === 1) return side;
  return roundUp((side + 2 * halo * (count - 1)) / count, multiple);
}

/** The window lengths worth trying for a side, longest first, each with the number of windows it needs. */
function candidates(side: number, halo: number, multiple: number): { window: number; count: number }[] {
  const shortest = 2 * halo + multiple;
  const found = [{ window: side, count: 1 }];
  for (let count = 2; count <= Math.ceil(side / multiple); count++) {
    const window = windowFor(side, count, halo, multiple);
    if (window < shortest) break;
    if (window < (found.at(-1) as { window: number }).window) found.push({ window, count });
  }
  return found;
}

function bestShape(width: number, height: number, halo: number, multiple: number, maxTilePixels: number) {
  let best: { width: number; height: number; count: number; cost: number } | undefined;
  const rows = candidates(height, halo, multiple);
  for (const column of candidates(width, halo, multiple)) {
    // rows go from tall to short: the first that fits needs the fewest
    const row = rows.find(({ window }) => window * column.window <= maxTilePixels);
    if (!row) continue;
    const count = column.count * row.count;
    const cost = count * column.window * row.window;
    if (!best || count < best.count || (count === best.count && cost < best.cost)) {
      best = { width: column.window, height: row.window, count, cost };
    }
  }
  const side = 2 * halo + multiple;
  expectThat(best !== undefined, () => ({
    expected: `a limit of at least ${Math.min(width, side) * Math.min(height, side)} pixels per tile`,
    received: String(maxTilePixels),
    remedy: 'Use a model with a smaller halo, or an engine with more memory.',
  }));
  return { width: best.width, height: best.height };
}
