import type { RasterImage } from '../../models/image.ts';
import { createDenoiser, type DenoiseResult, type Denoiser, type DenoiserOptions, type Progress } from '../index.ts';

/** Each has a worker with an engine of its own: more would not fit a phone. */
const MOST_OPEN = 5;

export interface Run {
  readonly sigma?: number | 'auto';
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Outcome {
  readonly image: RasterImage;
  /** Of the estimate of the noise and the work itself: loading and planning are not counted. */
  readonly milliseconds: number;
  /** What it was told or has found, 0..255; none of those that keep it to themselves. */
  readonly sigma: number | undefined;
  readonly engine: DenoiseResult['engine'];
}

const open = new Map<string, Promise<Denoiser>>();

/** Runs one of the published denoisers. `?engine=wasm` in the address chooses the engine, as in the app. */
export async function runDenoiser(model: string, image: RasterImage, run: Run): Promise<Outcome> {
  const denoiser = await opened(model);
  const result = await denoiser.denoise(image, run);
  const { estimate, tiles } = result.timings;
  const { sigma, engine } = result;
  // all there is to keep is here
  result.release();
  return { image: result.image, milliseconds: estimate + tiles, sigma, engine };
}

/** The one that was used longest ago makes room. */
function opened(model: string): Promise<Denoiser> {
  const denoiser = open.get(model) ?? create(model);
  open.delete(model);
  open.set(model, denoiser);
  denoiser.catch(() => open.delete(model));
  for (const [name, old] of open) {
    if (open.size <= MOST_OPEN) break;
    open.delete(name);
    old.then(
      (unused) => unused.dispose(),
      () => 'it never was',
    );
  }
  return denoiser;
}

function create(model: string): Promise<Denoiser> {
  const key = document.querySelector<HTMLMetaElement>('meta[name="degrain-key"]')?.content ?? '';
  const engine = (new URLSearchParams(location.search).get('engine') ?? 'auto') as NonNullable<
    DenoiserOptions['engine']
  >;
  return createDenoiser({ endpoint: location.origin, key, model, engine });
}
