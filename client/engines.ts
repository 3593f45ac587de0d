import type { ModelCard, NetworkCard } from '../models/card.ts';
import type { EngineSource, ModelFiles, TileEngine } from '../models/engine.ts';
import { DegrainError } from '../models/errors.ts';
import { type Device, maxTilePixels } from '../models/limits.ts';
import { nameOf } from './cards.ts';
import type { EngineName } from './contract.ts';
import type { Edge } from './edge/request.ts';
import { EDGE_MAX_PIXELS, GPU_ENGINES, runsOnGpu } from './engine/choose.ts';
import { openEdge } from './engine/edge.ts';
import { findGpu, type Gpu } from './engine/gpu.ts';
import type { GpuEngine } from './engine/watch-device.ts';
import { fetchGolden } from './golden.ts';
import type { PublishedModel } from './model.ts';

/** What an engine is opened with. */
export interface Opening {
  readonly model: PublishedModel;
  /** On their way; the edge and filters need none. */
  files(card: NetworkCard): Promise<ModelFiles>;
  readonly signal: AbortSignal;
}

type OpenEngine = TileEngine & Partial<Pick<GpuEngine, 'lost' | 'variant'>>;

/** What the planner is told of an engine. */
export function deviceOf(name: EngineName | 'filter', gpu: Gpu | undefined): Device {
  return runsOnGpu(name) && gpu ? gpu.device : { backend: 'wasm' };
}

/** Losses of the GPU's device after which no new one is asked for: browsers then block the page's GPU anyway. */
const MOST_LOSSES = 3;

/** The engines of one denoiser: opened when first needed, kept for the next picture, replaced when lost. */
export class Engines {
  /** By engine and model: a self-test that failed would fail for every picture, after seconds each. */
  readonly #refusals = new Map<string, DegrainError>();
  #losses = 0;
  /** What the engines of the last picture failed with. */
  failures = new Map<EngineName | 'filter', unknown>();
  readonly #open = new Map<EngineName | 'filter', { model: string; engine: OpenEngine }>();
  readonly #edge: Edge;

  constructor(edge: Edge) {
    this.#edge = edge;
  }

  source(name: EngineName | 'filter', gpu: Gpu | undefined, opening: Opening): EngineSource {
    const { card } = opening.model;
    const fits = maxTilePixels(card, deviceOf(name, gpu));
    return {
      name,
      maxTilePixels: name === 'edge' ? EDGE_MAX_PIXELS : fits,
      open: async () =>
        this.#noting(name, await this.#get(name, opening).catch((failure) => this.#note(name, failure))),
    };
  }

  /** Before a picture. */
  forgetFailures(card: ModelCard): void {
    this.failures = this.refused(card);
  }

  /** What is known to fail again. */
  refused(card: ModelCard): Map<EngineName | 'filter', unknown> {
    const refusals = GPU_ENGINES.map((name) => [name, this.#refusal(name, card)] as const);
    return new Map(refusals.filter(([, refusal]) => refusal !== undefined));
  }

  #refusal(name: EngineName | 'filter', card: ModelCard): DegrainError | undefined {
    if (!runsOnGpu(name)) return undefined;
    return this.#losses >= MOST_LOSSES ? lostTooOften() : this.#refusals.get(`${name} ${nameOf(card)}`);
  }

  #noting(name: EngineName | 'filter', engine: TileEngine): TileEngine {
    const noted = <Result>(running: Promise<Result>) => running.catch((failure) => this.#note(name, failure));
    return {
      name: engine.name,
      inFlight: engine.inFlight ?? 1,
      maxTilePixels: engine.maxTilePixels,
      run: (...window) => noted(engine.run(...window)),
      async takePicture(work) {
        const picture = engine.takePicture && (await noted(engine.takePicture(work)));
        return picture && { run: (...tile) => noted(picture.run(...tile)), release: () => picture.release() };
      },
      dispose: () => engine.dispose(),
    };
  }

  #note(name: EngineName | 'filter', failure: unknown): never {
    this.failures.set(name, failure);
    throw failure;
  }

  /** How an engine that is open computes. */
  variant(name: string): string | undefined {
    return this.#open.get(name as EngineName | 'filter')?.engine.variant;
  }

  dispose(): void {
    for (const { engine } of this.#open.values()) engine.dispose();
    this.#open.clear();
  }

  async #get(name: EngineName | 'filter', opening: Opening): Promise<TileEngine> {
    const { card } = opening.model;
    const model = nameOf(card);
    const kept = this.#open.get(name);
    if (kept && kept.model === model && !kept.engine.lost) return kept.engine;
    this.#open.delete(name);
    kept?.engine.dispose();
    if (kept?.engine.lost) this.#losses++;
    const engine = await this.#start(name, opening);
    this.#open.set(name, { model, engine });
    return engine;
  }

  async #start(name: EngineName | 'filter', { model, files, signal }: Opening): Promise<OpenEngine> {
    const { card, remote } = model;
    if (name === 'edge') return openEdge(this.#edge, card);
    if (card.family === 'filter') return (await import('../models/filters/engine.ts')).openFilterEngine(card.id);
    if (name === 'wasm') {
      const [{ openWasm }, loaded] = await Promise.all([import('./engine/wasm.ts'), files(card)]);
      return openWasm(loaded, () => fetchGolden(card, remote, loaded.precision, signal));
    }
    const refusal = this.#refusal(name, card);
    if (refusal) throw refusal;
    const [open, gpu, loaded] = await Promise.all([loadGpuEngine(name), findGpu(), files(card)]);
    const golden = await fetchGolden(card, remote, loaded.precision, signal);
    if (!gpu) throw new Error('the WebGPU adapter is gone');
    return open(gpu.adapter, loaded, golden).catch((failure) => {
      const isFinal = failure instanceof DegrainError && failure.code === 'engine-unavailable';
      if (isFinal) this.#refusals.set(`${name} ${nameOf(card)}`, failure);
      throw failure;
    });
  }
}

/** Each is a download of its own. */
async function loadGpuEngine(name: EngineName | 'filter') {
  return name === 'wgsl'
    ? (await import('./engine/wgsl/tuned.ts')).openTunedWgsl
    : (await import('./engine/webgpu.ts')).openWebgpu;
}

function lostTooOften(): DegrainError {
  return new DegrainError('engine-unavailable', {
    expected: 'a GPU device that stays',
    received: `${MOST_LOSSES} losses`,
    remedy: 'Reload the page to try the GPU again.',
  });
}
