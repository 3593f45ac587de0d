import type { Denoiser, DenoiserOptions } from './contract.ts';
import { openDenoiser } from './denoiser.ts';

export { DegrainError } from '../models/errors.ts';
export type {
  DenoiseOptions,
  DenoiseResult,
  Denoiser,
  DenoiserOptions,
  EngineName,
  InputImage,
  OutputImage,
  Progress,
  Stage,
  TileEvent,
  Timings,
} from './contract.ts';

/**
 * Starts a denoiser: a worker, and nothing else yet. Model and engine are loaded with the first picture.
 *
 * @example
 * const denoiser = await createDenoiser({ key: 'pk_…' });
 * const { image } = await denoiser.denoise(file);
 */
export async function createDenoiser(options: DenoiserOptions = {}): Promise<Denoiser> {
  const { endpoint = new URL(import.meta.url).origin, key = '', model = 'fast', engine = 'auto', precision } = options;
  return openDenoiser({ endpoint: new URL(endpoint, document.baseURI).href, key, model, engine, precision });
}
