import type { ModelFiles } from '../models/engine.ts';
import { DegrainError } from '../models/errors.ts';
import type { Context } from './bridge.ts';
import type { Explanation } from './contract.ts';
import type { PlanReply } from './edge/plans.ts';
import type { Edge } from './edge/request.ts';
import { Engines } from './engines.ts';
import { findModel, type PublishedModel } from './model.ts';
import type { DenoiseEvent, DenoiseRequest, Finished, Notice, Settings } from './protocol.ts';
import type { Result } from './result.ts';
import { denoiseSource } from './run.ts';

/** One denoiser's half in the worker: what stays between pictures. */
export class Session {
  readonly settings: Settings;
  readonly edge: Edge;
  readonly engines: Engines;
  /** Graphs and weights, by id, version and precision. */
  readonly files = new Map<string, ModelFiles>();
  /** Cards, by address. */
  readonly #models = new Map<string, PublishedModel>();
  /** Of the last picture. */
  explanation: Explanation | undefined;
  readonly #results = new Map<number, Result>();
  #queue: Promise<unknown> = Promise.resolve();
  #lastRun = 0;

  constructor(settings: Settings) {
    this.settings = settings;
    this.edge = { endpoint: settings.endpoint, key: settings.key };
    this.engines = new Engines(this.edge);
  }

  /** One after the other: TF.js has one active backend, and two pictures at a time take twice the memory. */
  denoise(request: DenoiseRequest, context: Context<DenoiseEvent, Notice>): Promise<Finished> {
    const finished = this.#queue.then(async () => {
      context.signal.throwIfAborted();
      const { result, ...rest } = await denoiseSource(this, request, context);
      const run = ++this.#lastRun;
      this.#results.set(run, result);
      return { run, ...rest };
    });
    this.#queue = finished.catch(() => 'the caller hears of it');
    return finished;
  }

  /** The model of a plan; its card is fetched once. */
  async model(plan: PlanReply, signal: AbortSignal): Promise<PublishedModel> {
    const { card } = plan.model;
    const model = this.#models.get(card) ?? (await findModel(this.edge.endpoint, plan, signal));
    this.#models.set(card, model);
    return model;
  }

  /** @throws DegrainError `bad-request` for a run that was released. */
  result(run: number): Result {
    const result = this.#results.get(run);
    if (result) return result;
    const remedy = 'Keep the result that `denoise` gave as long as it is needed.';
    throw new DegrainError('bad-request', { expected: 'a result that is kept', received: `run ${run}`, remedy });
  }

  release(run: number): void {
    this.#results.delete(run);
  }

  /** What a worker's end does by itself. */
  dispose(): void {
    this.#results.clear();
    this.files.clear();
    void this.#queue.finally(() => this.engines.dispose());
  }
}
