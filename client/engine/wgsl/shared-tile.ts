import type { Tile } from './tile.ts';

/** Runs under way at a time: the GPU has the next one's work before it is done with the one before. */
export const IN_FLIGHT = 2;

/**
 * The buffers of the tile that is in use. Runs that overlap share them, because the GPU takes their work one after the
 * other. Another size, and a run after a failure, get new ones when nothing is under way any more.
 */
export class SharedTile {
  readonly #create: (height: number, width: number) => Tile;
  readonly #underWay = new Set<Promise<void>>();
  #tile: Tile | undefined;
  #hasFailed = false;
  /** When the last one that came has started. */
  #started: Promise<unknown> = Promise.resolve();

  constructor(create: (height: number, width: number) => Tile) {
    this.#create = create;
  }

  /** Runs start in the order of the calls, at most IN_FLIGHT at a time. `run` asks for its tile before it waits. */
  async use<Result>(height: number, width: number, run: (tile: () => Tile) => Promise<Result>): Promise<Result> {
    const started = this.#started.then(async () => {
      const mayJoin = () => !this.#hasFailed && (!this.#tile || isOfSize(this.#tile, height, width));
      while (this.#underWay.size >= (mayJoin() ? IN_FLIGHT : 1)) await Promise.race(this.#underWay);
      // in an object, so that its end is not waited for
      return { running: this.#track(run(() => this.#tileOf(height, width))) };
    });
    this.#started = started;
    return (await started).running;
  }

  destroy(): void {
    this.#tile?.destroy();
    this.#tile = undefined;
  }

  #track<Result>(running: Promise<Result>): Promise<Result> {
    const ended = running
      .then(
        () => {},
        () => {
          this.#hasFailed = true;
        },
      )
      .then(() => {
        this.#underWay.delete(ended);
        if (!this.#hasFailed || this.#underWay.size > 0) return;
        // whatever is tried next finds the memory free
        this.destroy();
        this.#hasFailed = false;
      });
    this.#underWay.add(ended);
    return running;
  }

  #tileOf(height: number, width: number): Tile {
    if (this.#tile && !isOfSize(this.#tile, height, width)) this.destroy();
    this.#tile ??= this.#create(height, width);
    return this.#tile;
  }
}

const isOfSize = (tile: Tile, height: number, width: number) => tile.height === height && tile.width === width;
