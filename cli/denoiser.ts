import { type ModelCard, type Precision, precisionOf } from '../models/card.ts';
import type { EngineSource } from '../models/engine.ts';
import { maxTilePixels } from '../models/limits.ts';
import { type EngineName, nodeEngine } from './engines.ts';
import { findPublished, loadFiles } from './published.ts';

/** A published model, and what runs it here. */
export interface Denoiser {
  readonly card: ModelCard;
  readonly engine: EngineSource;
  /** The form of the weights that was found. */
  readonly precision: Precision;
}

export interface DenoiserOptions {
  readonly precision: Precision;
  /** For networks; filters are JavaScript and run without. */
  readonly engine: EngineName;
  /** Another place for models than models/published. */
  readonly published?: string | undefined;
}

/** @throws DegrainError `bad-request` for a name that is not published, `integrity` for damaged files. */
export async function openDenoiser(name: string, options: DenoiserOptions): Promise<Denoiser> {
  const { path, card } = await findPublished(name, options.published);
  const precision = precisionOf(card, options.precision);
  if (card.family === 'filter') {
    const { filterSource } = await import('../models/filters/engine.ts');
    return { card, precision, engine: filterSource(card.id, maxTilePixels(card, {})) };
  }
  return { card, precision, engine: await nodeEngine(options.engine, await loadFiles(path, card, precision)) };
}
