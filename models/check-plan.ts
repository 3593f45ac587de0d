import { Coverage } from './coverage.ts';
import { expectThat } from './errors.ts';
import type { Rectangle, TilePlan, TilingNeeds } from './tiles.ts';
import { windowOrigin } from './tiles.ts';

/**
 * For plans that were made elsewhere, such as by the edge: a plan for another image or model would leave parts of the
 * result noisy, or seams in it, without any error.
 *
 * @throws DegrainError `bad-request` unless the parts cover the image once, and each lies in its window with the halo.
 */
export function assertPlanFits(plan: TilePlan, width: number, height: number, needs: TilingNeeds): void {
  const fits =
    plan.width === width &&
    plan.height === height &&
    plan.multiple === needs.sizeMultiple &&
    plan.tile.width % needs.sizeMultiple === 0 &&
    plan.tile.height % needs.sizeMultiple === 0 &&
    plan.tiles.every((tile) => partFits(plan, tile, needs)) &&
    coversOnce(plan);
  expectThat(fits, () => ({
    expected: `a plan that covers ${width} x ${height} once, with a halo of ${needs.halo} and steps of ${needs.sizeMultiple}`,
    received: `one of ${plan.tiles.length} tiles for ${plan.width} x ${plan.height}, halo ${plan.halo}, steps of ${plan.multiple}`,
    remedy: 'Ask for a plan for this image and model, or leave the plan out.',
  }));
}

function partFits(plan: TilePlan, part: Rectangle, needs: TilingNeeds): boolean {
  const origin = windowOrigin(plan, part);
  const along = (start: number, length: number, window: number, from: number, side: number) =>
    Number.isInteger(length) &&
    length > 0 &&
    start % plan.multiple === 0 &&
    from % plan.multiple === 0 &&
    start + length <= side &&
    (from === 0 ? start >= 0 : start - from >= needs.halo) &&
    (from + window >= side || from + window - start - length >= needs.halo);
  return (
    along(part.x, part.width, plan.tile.width, origin.x, plan.width) &&
    along(part.y, part.height, plan.tile.height, origin.y, plan.height)
  );
}

/** Parts that cover every block and have no more pixels than the image cannot overlap. */
function coversOnce({ width, height, multiple, tiles }: TilePlan): boolean {
  const pixels = tiles.reduce((sum, tile) => sum + tile.width * tile.height, 0);
  if (pixels !== width * height) return false;
  const covered = new Coverage(width, height, multiple);
  for (const tile of tiles) covered.add(tile);
  return covered.has({ x: 0, y: 0, width, height });
}
