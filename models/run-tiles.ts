import type { ModelCard } from './card.ts';
import { assertPlanFits } from './check-plan.ts';
import { Coverage } from './coverage.ts';
import type { EngineSource, TileEngine } from './engine.ts';
import { DegrainError } from './errors.ts';
import type { Residual, TileImage } from './residual.ts';
import { NotNumbers, openRunner, type TileRunner, type TileWork } from './tile-runner.ts';
import type { Rectangle, TilePlan } from './tiles.ts';
import { planTiles } from './tiles.ts';
import { passesOver } from './windows.ts';

/** What of an AbortSignal the pipeline uses. */
export interface Abort {
  readonly aborted: boolean;
  throwIfAborted(): void;
}

export interface TileRunOptions<Store extends Residual = Float32Array> {
  /** Where the residual goes, [H,W,C], all zero; floats unless given. */
  readonly residual?: Store | undefined;
  readonly signal?: Abort | undefined;
  /** A plan made elsewhere for this image, card and the first engine: tried first, unless that is too slow for it. */
  readonly plan?: TilePlan | undefined;
  /** The point that the visitor looks at, px. */
  readonly focus?: { readonly x: number; readonly y: number } | undefined;
  readonly onPlan?: ((plan: TilePlan, engine: string) => void) | undefined;
  /** Awaited: return a promise to let messages, such as an abort, come through between tiles. */
  readonly onTile?: ((arrival: ResidualArrival<Store>) => void | Promise<void>) | undefined;
  /** ms, for timings; `Date.now` unless given. */
  readonly now?: (() => number) | undefined;
}

export interface ResidualArrival<Store extends Residual = Float32Array> {
  /** What the tile answers for, px. */
  readonly tile: Rectangle;
  /** noisy - denoised of the whole image, [H,W,C]; zero where no tile has arrived. */
  readonly residual: Store;
  readonly done: number;
  readonly total: number;
}

export interface TileRun<Store extends Residual = Float32Array> {
  /** noisy - denoised, [H,W,C]. */
  readonly residual: Store;
  /** Where more than one was needed (an engine failed), the last. */
  readonly plan: TilePlan;
  /** The engine that finished. */
  readonly engine: string;
  /** ms spent on opening engines. */
  readonly open: number;
}

/** After a failure the next try on the same engine has windows of half as many pixels; so often, then the next engine. */
const SMALLER_TRIES = 2;

/**
 * Runs the network over the image, tile after tile. A failing tile is tried again on smaller ones, then on the next of
 * `engines`; an engine whose numbers are not finite is wrong at any size and gives way at once. Finished tiles are
 * kept. What a callback throws is thrown on.
 *
 * @throws DegrainError `engine-failed` when no engine is left, and the signal's reason when it is aborted.
 */
export async function runTiles<Store extends Residual = Float32Array>(
  noisy: TileImage,
  sigma: number | undefined,
  card: ModelCard,
  engines: readonly EngineSource[],
  options: TileRunOptions<Store> = {},
): Promise<TileRun<Store>> {
  const { signal, now = Date.now } = options;
  const needs = { halo: card.halo.measured, sizeMultiple: card.sizeMultiple };
  if (options.plan) assertPlanFits(options.plan, noisy.width, noisy.height, needs);
  const floats = () => new Float32Array(noisy.width * noisy.height * noisy.channels);
  const residual = options.residual ?? (floats() as Residual as Store);
  const covered = new Coverage(noisy.width, noisy.height, card.sizeMultiple);
  const failures: unknown[] = [];
  let open = 0;
  for (const [order, source] of engines.entries()) {
    signal?.throwIfAborted();
    const opening = now();
    let engine: TileEngine;
    try {
      engine = await source.open();
    } catch (failure) {
      failures.push(failure);
      continue;
    } finally {
      open += now() - opening;
    }
    let maxTilePixels = Math.min(source.maxTilePixels, engine.maxTilePixels ?? Number.POSITIVE_INFINITY);
    let plan = order === 0 && !isTooSlow(engine, options.plan) ? options.plan : undefined;
    for (let attempt = 0; attempt <= SMALLER_TRIES; attempt++) {
      try {
        plan ??= planTiles(noisy.width, noisy.height, needs, {
          maxTilePixels,
          ...(options.focus && { focus: options.focus }),
        });
      } catch (failure) {
        failures.push(failure); // the windows have become too small for the halo
        break;
      }
      options.onPlan?.(plan, engine.name);
      const work = { plan, noisy, sigma, residual, covered, passes: passesOver(noisy.channels, card) };
      const failure = await runPlan(engine, work, options);
      if (failure === undefined) return { residual, plan, engine: engine.name, open };
      failures.push(failure);
      if (failure instanceof NotNumbers) break;
      maxTilePixels = Math.floor(Math.min(maxTilePixels, plan.tile.width * plan.tile.height) / 2);
      plan = undefined;
    }
  }
  throw new DegrainError(
    'engine-failed',
    {
      expected: 'an engine to run the network',
      received: failures.map(String).join('; ') || 'no engine to try',
      remedy: 'Try a smaller image, or another browser or device.',
    },
    failures.at(-1),
  );
}

/** Who made the plan could not know how fast the engine is. */
const isTooSlow = ({ maxTilePixels = Number.POSITIVE_INFINITY }: TileEngine, plan: TilePlan | undefined) =>
  plan !== undefined && plan.tile.width * plan.tile.height > maxTilePixels;

interface Work<Store extends Residual> extends TileWork {
  readonly residual: Store;
  readonly covered: Coverage;
}

/**
 * Runs what is not covered yet, as many tiles at a time as the engine gains from. Resolves to what the engine failed
 * with, or undefined when all is done; either way, and if it throws, nothing is under way any more.
 */
async function runPlan<Store extends Residual>(
  engine: TileEngine,
  work: Work<Store>,
  { signal, onTile }: TileRunOptions<Store>,
): Promise<unknown> {
  const { plan, residual, covered } = work;
  const waiting = plan.tiles.filter((tile) => !covered.has(tile));
  const total = plan.tiles.length;
  let done = total - waiting.length;
  let failure: unknown;
  let runner: TileRunner;
  try {
    runner = await openRunner(engine, work, signal);
  } catch (failure) {
    signal?.throwIfAborted();
    return failure ?? new Error('no reason given');
  }
  const underWay = new Map<Rectangle, Promise<TileOutcome>>();
  const startTiles = () => {
    while (failure === undefined && underWay.size < (engine.inFlight ?? 1)) {
      const tile = waiting.shift();
      if (!tile) return;
      signal?.throwIfAborted();
      underWay.set(tile, runTile(runner, tile));
    }
  };
  try {
    for (startTiles(); underWay.size > 0; startTiles()) {
      const finished = await Promise.race(underWay.values());
      underWay.delete(finished.tile);
      if (finished.failure !== undefined) {
        signal?.throwIfAborted();
        failure ??= finished.failure;
        // they may stand where tiles of another plan had finished
        if (finished.failure instanceof NotNumbers) covered.remove(finished.tile);
        continue;
      }
      covered.add(finished.tile);
      done++;
      await onTile?.({ tile: finished.tile, residual, done, total });
    }
    return failure;
  } finally {
    await Promise.all(underWay.values());
    runner.release();
  }
}

interface TileOutcome {
  readonly tile: Rectangle;
  readonly failure?: unknown;
}

/** Never rejects: an engine's failure is part of the answer. */
async function runTile(runner: TileRunner, tile: Rectangle): Promise<TileOutcome> {
  try {
    await runner.run(tile);
    return { tile };
  } catch (failure) {
    return { tile, failure: failure ?? new Error('no reason given') };
  }
}
