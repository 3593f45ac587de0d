import { expect, test } from 'vitest';
import { assertPlanFits } from '../../models/check-plan.ts';
import { planTiles, type TilePlan } from '../../models/tiles.ts';

const needs = { halo: 16, sizeMultiple: 8 };
const good = planTiles(205, 133, needs, { maxTilePixels: 72 * 72 });
const [first, second, ...others] = good.tiles as [TilePlan['tiles'][0], TilePlan['tiles'][0], ...TilePlan['tiles']];

test('the planner’s own plans fit, in any order', () => {
  expect(good.tiles.length).toBeGreaterThan(6);
  assertPlanFits(good, 205, 133, needs);
  assertPlanFits({ ...good, tiles: [...good.tiles].reverse() }, 205, 133, needs);
});

test.each<[string, TilePlan]>([
  ['of another image', planTiles(205, 141, needs, { maxTilePixels: 72 * 72 })],
  ['of another model', planTiles(205, 133, { halo: 8, sizeMultiple: 8 }, { maxTilePixels: 56 * 72 })],
  ['of other steps', planTiles(205, 133, { halo: 16, sizeMultiple: 4 }, { maxTilePixels: 72 * 72 })],
  ['with a hole', { ...good, tiles: [second, ...others] }],
  ['with a tile in place of another', { ...good, tiles: [first, first, ...others] }],
  ['with a tile twice', { ...good, tiles: [...good.tiles, first] }],
  ['with a tile off the grid', { ...good, tiles: [{ ...first, x: first.x + 1 }, second, ...others] }],
  ['with a tile outside', { ...good, tiles: [{ ...first, x: 208 }, second, ...others] }],
  ['with a tile that is no number', { ...good, tiles: [{ ...first, width: Number.NaN }, second, ...others] }],
  ['with windows that are too small', { ...good, tile: { width: good.tile.width - 8, height: good.tile.height } }],
])('a plan %s does not', (_, plan) => {
  expect(() => assertPlanFits(plan, 205, 133, needs)).toThrow(expect.objectContaining({ code: 'bad-request' }));
});
