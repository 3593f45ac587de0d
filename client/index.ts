import type { Denoiser, DenoiserOptions, EdgeOptions, KeepOptions, KeptModel } from './contract.ts';
import { keepModel as keepInWorker, openDenoiser } from './denoiser.ts';
import type { ModelSummary } from './edge/api.ts';

export { DegrainError, type ErrorCode } from '../models/errors.ts';
export type {
  DenoiseOptions,
  DenoiseResult,
  Denoiser,
  DenoiserOptions,
  EdgeOptions,
  EngineName,
  EngineReason,
  EngineVerdict,
  Explanation,
  InputImage,
  KeepOptions,
  KeptModel,
  OutputImage,
  PictureSize,
  Preflight,
  Progress,
  Rows,
  Stage,
  TileEvent,
  Timings,
} from './contract.ts';
export type { ModelSummary } from './edge/api.ts';

const address = (endpoint: string | URL = new URL(import.meta.url).origin) => new URL(endpoint, document.baseURI).href;

/**
 * Starts a denoiser: a worker, and nothing else yet. Model and engine are loaded with the first picture.
 *
 * @example
 * const denoiser = await createDenoiser({ key: 'pk_…' });
 * const { image } = await denoiser.denoise(file);
 */
export async function createDenoiser(options: DenoiserOptions = {}): Promise<Denoiser> {
  const { endpoint, key = '', model = 'fast', engine = 'auto', precision } = options;
  return openDenoiser({ endpoint: address(endpoint), key, model, engine, precision });
}

/**
 * The edge's catalogue; without a network, as it was last seen.
 *
 * @example
 * const models = await listModels();
 */
export async function listModels({
  endpoint,
  signal,
}: EdgeOptions & { signal?: AbortSignal } = {}): Promise<ModelSummary[]> {
  return (await import('./kept.ts')).listModels(address(endpoint), signal);
}

/**
 * Downloads all that `model` needs on this device, so that it works without a network. Asks the browser not to clear
 * it when space runs short; some browsers ask the visitor.
 *
 * @throws DegrainError `storage` where the device has no room, or the page may not keep anything.
 * @example
 * const { bytes } = await keepModel('fast', { onProgress: ({ done, total }) => show(done / total) });
 */
export async function keepModel(model: string, options: KeepOptions = {}): Promise<KeptModel> {
  const { endpoint, precision } = options;
  const kept = await keepInWorker({ endpoint: address(endpoint), key: '', model, engine: 'auto', precision }, options);
  // not waited for: a visitor may leave the browser's question unanswered
  navigator.storage?.persist?.().catch((reason) => console.debug('degrain: no persistent storage', reason));
  return kept;
}

/** Whether `model`, such as `fast` or `fast@1.2.0`, works without a network: it was kept, or used before. */
export async function isKept(model: string, { endpoint }: EdgeOptions = {}): Promise<boolean> {
  return (await import('./kept.ts')).isKept(address(endpoint), model);
}

/** All that work without a network, with the bytes that they take here. */
export async function listKept({ endpoint }: EdgeOptions = {}): Promise<KeptModel[]> {
  return (await import('./kept.ts')).listKept(address(endpoint));
}

/** Gives the space back: of all versions of `fast`, or of `fast@1.2.0`. With a network, models come again when used. */
export async function forgetModel(model: string, { endpoint }: EdgeOptions = {}): Promise<void> {
  return (await import('./kept.ts')).forgetModel(address(endpoint), model);
}
