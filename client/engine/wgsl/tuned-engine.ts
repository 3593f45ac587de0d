import type { TileEngine } from '../../../models/engine.ts';
import type { GoldenCase } from '../../golden.ts';
import type { Network } from '../layers/network.ts';
import type { GpuEngine } from '../watch-device.ts';
import type { Choices, Known } from './choices.ts';
import type { WgslEngine } from './engine.ts';
import { type Build, nameOfBuild } from './kernel.ts';
import type { Pace } from './pace.ts';
import type { tune } from './tune.ts';

/** ms without a picture before anything is measured. */
const QUIET = 300;
/** Measurements that were not finished, because the page was left or the GPU failed, before no more are begun. */
const MOST_TRIES = 3;
/** Tabs and denoisers do not measure each other. */
const LOCK = 'degrain-gpu';

type Measuring = typeof tune;

/** What is around the engine. */
export interface Host {
  findAdapter(): Promise<GPUAdapter | undefined>;
  readonly choices: Choices;
  /** A download of its own, for which no first picture waits. */
  loadTune(): Promise<Measuring>;
}

/** Where the engine stands. */
export interface Place {
  readonly host: Host;
  readonly key: string;
  readonly network: Network;
  readonly golden: readonly GoldenCase[];
  readonly pace: Pace;
  open(adapter: GPUAdapter, build: Build): Promise<WgslEngine>;
}

/** An engine that gives way to a faster one between two pictures. */
export class TunedEngine implements GpuEngine {
  readonly name = 'wgsl';
  readonly #place: Place;
  readonly #standard: Build;
  #engine: WgslEngine;
  #build: Build;
  /** Runs under way, and pictures that are taken. */
  #busy = 0;
  #turn = 0;
  #quietSince = 0;
  #closed = false;
  #settling: Promise<void> | undefined;

  constructor(place: Place, engine: WgslEngine, build: Build, standard: Build) {
    this.#place = place;
    this.#engine = engine;
    this.#build = build;
    this.#standard = standard;
  }

  get inFlight(): number {
    return this.#engine.inFlight ?? 1;
  }

  get lost(): boolean {
    return this.#engine.lost;
  }

  get maxTilePixels(): number | undefined {
    return this.#engine.maxTilePixels;
  }

  get variant(): string | undefined {
    return this.#build.arithmetic === 'f16' ? 'in float16' : undefined;
  }

  run: TileEngine['run'] = async (...window) => {
    const done = this.#begin();
    return this.#watched(() => this.#engine.run(...window)).finally(done);
  };

  takePicture: NonNullable<TileEngine['takePicture']> = async (work) => {
    const done = this.#begin();
    const picture = await this.#watched(async () => this.#engine.takePicture?.(work)).catch((failure) => {
      done();
      throw failure;
    });
    if (!picture) done();
    return (
      picture && {
        run: (...part) => this.#watched(() => picture.run(...part)),
        release: () => {
          picture.release();
          done();
        },
      }
    );
  };

  dispose(): void {
    this.#closed = true;
    this.#engine.dispose();
  }

  #begin(): () => void {
    this.#busy++;
    this.#turn++;
    return () => {
      this.#busy--;
      this.#quietSince = performance.now();
      this.#settling ??= this.#settle().catch((failure) => console.debug('degrain: kernels are not measured', failure));
    };
  }

  /** A choice with which the GPU gives up is not made again. */
  async #watched<Result>(run: () => Promise<Result>): Promise<Result> {
    try {
      return await run();
    } catch (failure) {
      if (this.#engine.lost && this.#build !== this.#standard) await this.#keepBuild(this.#standard);
      throw failure;
    }
  }

  /** After the first picture: remembers how fast it was, and measures what is faster unless that is known. */
  async #settle(): Promise<void> {
    const { host, key, pace } = this.#place;
    await this.#whenQuiet();
    // another denoiser may have measured meanwhile
    const known = await host.choices.recall(key);
    const { rate } = pace;
    if (known.build || known.tries >= MOST_TRIES || rate === undefined) {
      await host.choices.keep(key, { ...known, rate });
      return;
    }
    await withLock(async () => {
      // before it counts: without a network it is no try
      const tune = await host.loadTune();
      await host.choices.keep(key, { rate, tries: known.tries + 1 });
      const build = await this.#fastest(tune, rate);
      if (this.#closed || !build) return;
      await this.#keepBuild(build);
      if (nameOfBuild(build) !== nameOfBuild(this.#build)) await this.#changeTo(build);
    });
  }

  async #fastest(tune: Measuring, rate: number): Promise<Build | undefined> {
    const { host, network, golden } = this.#place;
    const adapter = await host.findAdapter();
    if (!adapter) return undefined;
    const engine = this;
    const idleness = {
      wait: () => engine.#whenQuiet(),
      get turn() {
        return engine.#turn;
      },
    };
    return tune(adapter, network, golden, rate, idleness);
  }

  async #changeTo(build: Build): Promise<void> {
    const adapter = await this.#place.host.findAdapter();
    if (!adapter) return;
    let next: WgslEngine;
    try {
      next = await this.#place.open(adapter, build);
    } catch (failure) {
      await this.#keepBuild(this.#standard);
      throw failure;
    }
    try {
      await this.#whenQuiet();
    } catch (closed) {
      next.dispose();
      throw closed;
    }
    console.debug(`degrain: ${nameOfBuild(build)} is faster here than ${nameOfBuild(this.#build)}`);
    this.#engine.dispose();
    this.#engine = next;
    this.#build = build;
  }

  async #keepBuild(build: Build): Promise<void> {
    const known: Known = { build, rate: this.#place.pace.rate, tries: 0 };
    await this.#place.host.choices.keep(this.#place.key, known);
  }

  async #whenQuiet(): Promise<void> {
    for (;;) {
      if (this.#closed || this.lost) throw new Error('the engine is closed');
      if (this.#busy === 0 && performance.now() - this.#quietSince >= QUIET) return;
      await new Promise((resolve) => setTimeout(resolve, QUIET));
    }
  }
}

/** Nothing is done where another has it. Before Safari 15.4, and in pages without a secure context, without. */
async function withLock(work: () => Promise<void>): Promise<void> {
  const locks = navigator.locks as LockManager | undefined;
  if (!locks) return work();
  await locks.request(LOCK, { ifAvailable: true }, async (lock) => lock && work());
}
