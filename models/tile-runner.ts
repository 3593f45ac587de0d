import type { TakenPicture, TileEngine } from './engine.ts';
import { DegrainError } from './errors.ts';
import type { Residual, TileImage } from './residual.ts';
import type { Abort } from './run-tiles.ts';
import type { Rectangle, TilePlan } from './tiles.ts';
import { cutWindow, writeResidual } from './windows.ts';

/** A picture's tiles, to be run by one engine after one plan. */
export interface TileWork {
  readonly plan: TilePlan;
  readonly noisy: TileImage;
  /** None for a blind model. */
  readonly sigma: number | undefined;
  /** [H,W,C], to be written. */
  readonly residual: Residual;
  /** Per run of the engine over a tile: the image's channels that are its input's. */
  readonly passes: readonly (readonly number[])[];
}

/** Runs an engine over one tile after the other. */
export interface TileRunner {
  /** Writes the tile's part of the residual. @throws what the engine throws, and NotNumbers. */
  run(tile: Rectangle): Promise<void>;
  release(): void;
}

export class NotNumbers extends DegrainError {
  constructor(engine: string) {
    super('engine-failed', {
      expected: 'finite numbers from the network',
      received: `NaN, infinity or too few of them from '${engine}'`,
      remedy: 'Another engine is tried.',
    });
  }
}

/** The engine with the whole picture where it takes that, and window by window where not. */
export async function openRunner(engine: TileEngine, work: TileWork, signal: Abort | undefined): Promise<TileRunner> {
  const { residual } = work;
  if (residual instanceof Int16Array) {
    const picture = await takePicture(engine, work);
    if (picture) return pictureRunner(engine, picture, residual);
  }
  return windowRunner(engine, work, signal);
}

async function takePicture(engine: TileEngine, { passes, ...work }: TileWork): Promise<TakenPicture | undefined> {
  const [channels, ...others] = passes;
  // one answer per tile: colours in a network for grey are three
  return channels && others.length === 0 ? engine.takePicture?.({ ...work, channels }) : undefined;
}

function pictureRunner(engine: TileEngine, picture: TakenPicture, residual: Int16Array): TileRunner {
  return {
    async run(tile) {
      if (!(await picture.run(tile, residual))) throw new NotNumbers(engine.name);
    },
    release: () => picture.release(),
  };
}

function windowRunner(
  engine: TileEngine,
  { plan, noisy, sigma, residual, passes }: TileWork,
  signal: Abort | undefined,
): TileRunner {
  return {
    async run(tile) {
      for (const channels of passes) {
        signal?.throwIfAborted();
        const input = cutWindow(noisy, plan, tile, channels, sigma);
        const output = await engine.run(input, plan.tile.height, plan.tile.width);
        if (!writeResidual(output, plan, tile, channels, noisy, residual)) throw new NotNumbers(engine.name);
      }
    },
    release() {},
  };
}
