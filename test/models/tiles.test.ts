import { describe, expect, test } from 'vitest';
import { sfc32 } from '../../models/noise/random.ts';
import { MAX_SIDE, planTiles, type TilePlan, windowOrigin } from '../../models/tiles.ts';

interface Case {
  readonly width: number;
  readonly height: number;
  readonly halo: number;
  readonly multiple: number;
  readonly maxTilePixels: number;
}

const up = (value: number, multiple: number) => Math.ceil(value / multiple) * multiple;

/** Small enough to check pixel by pixel, odd enough to hit every border. */
const cases: Case[] = (() => {
  const uniform = sfc32(7);
  const whole = (low: number, high: number) => low + Math.floor(uniform() * (high - low + 1));
  return Array.from({ length: 300 }, () => {
    const multiple = [1, 2, 8, 16][whole(0, 3)] as number;
    const halo = whole(0, 3) * whole(0, 12);
    const least = 2 * up(halo, multiple) + multiple;
    const maxTilePixels = Math.floor(least ** 2 * (0.5 + 8 * uniform() ** 2));
    return { width: whole(1, 240), height: whole(1, 240), halo, multiple, maxTilePixels };
  });
})();

/** The fewest windows, and of those the fewest pixels, by trying every shape. */
function bruteForce({ width, height, halo: asked, multiple, maxTilePixels }: Case) {
  const halo = up(asked, multiple);
  const count = (side: number, window: number) => {
    if (window >= up(side, multiple)) return 1;
    return window > 2 * halo ? Math.ceil((side - 2 * halo) / (window - 2 * halo)) : Number.POSITIVE_INFINITY;
  };
  let best = { tiles: Number.POSITIVE_INFINITY, pixels: Number.POSITIVE_INFINITY };
  for (let w = multiple; w <= up(width, multiple); w += multiple) {
    for (let h = multiple; h <= up(height, multiple); h += multiple) {
      if (w * h > maxTilePixels) break;
      const tiles = count(width, w) * count(height, h);
      const pixels = tiles * w * h;
      if (tiles < best.tiles || (tiles === best.tiles && pixels < best.pixels)) best = { tiles, pixels };
    }
  }
  return best;
}

function plan({ width, height, halo, multiple, maxTilePixels }: Case): TilePlan | undefined {
  try {
    return planTiles(width, height, { halo, sizeMultiple: multiple }, { maxTilePixels });
  } catch {
    return undefined;
  }
}

const planned = cases.map((given) => ({ given, plan: plan(given) }));
const plans = planned.flatMap((each) => (each.plan ? [{ given: each.given, plan: each.plan }] : []));

/** The cases whose plan breaks a rule: none, if all is well. */
const breaking = (holds: (plan: TilePlan, given: Case) => boolean) =>
  plans.filter(({ given, plan }) => !holds(plan, given)).map(({ given }) => given);

describe('plans for random images, models and limits', () => {
  test('are of many kinds', () => {
    expect(plans.filter(({ plan }) => plan.tiles.length > 4).length).toBeGreaterThan(40);
    expect(plans.filter(({ plan }) => plan.tiles.length === 1).length).toBeGreaterThan(40);
    expect(planned.length - plans.length).toBeGreaterThan(10);
  });

  test('parts cover every pixel exactly once', () => {
    const coversOnce = ({ width, height, tiles }: TilePlan) => {
      const times = new Uint8Array(width * height);
      for (const part of tiles) {
        if (part.x + part.width > width) return false;
        for (let row = part.y; row < part.y + part.height; row++) {
          const from = row * width + part.x;
          for (let at = from; at < from + part.width; at++) times[at] = (times[at] ?? 0) + 1;
        }
      }
      return times.every((count) => count === 1) && tiles.every((part) => part.y + part.height <= height);
    };
    expect(breaking(coversOnce)).toEqual([]);
  });

  test('windows have one shape, of multiples, within the limit', () => {
    const shaped = ({ tile }: TilePlan, { multiple, maxTilePixels }: Case) =>
      tile.width % multiple === 0 && tile.height % multiple === 0 && tile.width * tile.height <= maxTilePixels;
    expect(breaking(shaped)).toEqual([]);
  });

  test('windows begin at multiples, and lie inside the padded image', () => {
    const inside = (plan: TilePlan, { width, height, multiple }: Case) =>
      plan.tiles.every((part) => {
        const { x, y } = windowOrigin(plan, part);
        const fits = x + plan.tile.width <= up(width, multiple) && y + plan.tile.height <= up(height, multiple);
        return fits && x >= 0 && y >= 0 && x % multiple === 0 && y % multiple === 0;
      });
    expect(breaking(inside)).toEqual([]);
  });

  test('parts have the halo of real pixels on every side that is not the border of the image', () => {
    const along = (start: number, length: number, from: number, window: number, side: number, halo: number) =>
      start >= from &&
      (from === 0 || start - from >= halo) &&
      (from + window >= side || from + window - start - length >= halo);
    const haloed = (plan: TilePlan, { width, height, halo }: Case) =>
      plan.tiles.every((part) => {
        const { x, y } = windowOrigin(plan, part);
        return (
          along(part.x, part.width, x, plan.tile.width, width, halo) &&
          along(part.y, part.height, y, plan.tile.height, height, halo)
        );
      });
    expect(breaking(haloed)).toEqual([]);
  });

  test('there are as few windows as any shape allows, and of those the fewest pixels', () => {
    const best = planned.map(({ given }) => bruteForce(given));
    const got = planned.map(({ plan }) => {
      if (!plan) return { tiles: Number.POSITIVE_INFINITY, pixels: Number.POSITIVE_INFINITY };
      return { tiles: plan.tiles.length, pixels: plan.tiles.length * plan.tile.width * plan.tile.height };
    });
    expect(got).toEqual(best);
  });
});

describe('the order of tiles', () => {
  const needs = { halo: 8, sizeMultiple: 8 };
  const distances = (plan: TilePlan, x: number, y: number) =>
    plan.tiles.map((tile) => Math.hypot(tile.x + tile.width / 2 - x, tile.y + tile.height / 2 - y));

  test('is from the centre outwards', () => {
    const plan = planTiles(500, 300, needs, { maxTilePixels: 64 * 64 });
    const order = distances(plan, 250, 150);
    expect(order.length).toBeGreaterThan(20);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  test('is from the focus outwards, if there is one', () => {
    const plan = planTiles(500, 300, needs, { maxTilePixels: 64 * 64, focus: { x: 499, y: 0 } });
    const order = distances(plan, 499, 0);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(plan.tiles[0]).toMatchObject({ y: 0 });
  });
});

describe('what cannot be planned', () => {
  const needs = { halo: 24, sizeMultiple: 8 };
  const limits = { maxTilePixels: 2 ** 18 };

  test.each([0, -8, 1.5, 1e9, MAX_SIDE + 1, Number.NaN, Number.POSITIVE_INFINITY])('a side of %d', (side) => {
    for (const [width, height] of [
      [side, 100],
      [100, side],
    ] as const) {
      expect(() => planTiles(width, height, needs, limits)).toThrow(
        expect.objectContaining({ code: 'bad-request', received: String(side) }),
      );
    }
  });

  test('more tiles than are allowed', () => {
    const plan = (maxTiles: number) => planTiles(1000, 1000, needs, { maxTilePixels: 2 ** 14, maxTiles });
    const { length } = planTiles(1000, 1000, needs, { maxTilePixels: 2 ** 14 }).tiles;
    expect(plan(length).tiles.length).toBe(length);
    expect(() => plan(length - 1)).toThrow(
      expect.objectContaining({ code: 'bad-request', received: expect.stringContaining(`${length}`) }),
    );
  });

  test('more pixels than any image has', () => {
    expect(() => planTiles(MAX_SIDE, MAX_SIDE, needs, limits)).toThrow(/at most \d+ pixels/);
  });

  test.each([0, -1, 55 * 56, Number.NaN])('windows of %d pixels, which hold no two halos', (maxTilePixels) => {
    expect(() => planTiles(1000, 1000, needs, { maxTilePixels })).toThrow(/at least 3136 pixels per tile/);
    expect(planTiles(1000, 1000, needs, { maxTilePixels: 3136 }).tile).toEqual({ width: 56, height: 56 });
  });
});

test.each([2 ** 18, 2 ** 21])(
  'the largest images take less than 50 ms to plan, at %d pixels a window',
  (maxTilePixels) => {
    const times = [24, 96].flatMap((halo) =>
      [4096, 64].map((other) => {
        const runs = Array.from({ length: 5 }, () => {
          const started = performance.now();
          planTiles(MAX_SIDE, other, { halo, sizeMultiple: 8 }, { maxTilePixels });
          return performance.now() - started;
        });
        return Math.min(...runs);
      }),
    );
    expect(Math.max(...times)).toBeLessThan(50);
  },
);
