import type { ModelCard } from './card.ts';
import { chooseSigma } from './choose-sigma.ts';
import type { EngineSource } from './engine.ts';
import { expectThat } from './errors.ts';
import type { AlphaPlane, FloatImage, RasterImage } from './image.ts';
import { assertRaster, fillTransparent, fromRaster, toRaster } from './image.ts';
import type { Mix } from './mix.ts';
import { checkMix, FULL_MIX, mixResidual } from './mix.ts';
import { type Residual, type TileImage, tileImage } from './residual.ts';
import type { TileRunOptions } from './run-tiles.ts';
import { runTiles } from './run-tiles.ts';
import type { Rectangle, TilePlan } from './tiles.ts';

export type { EngineSource } from './engine.ts';
export type { Abort } from './run-tiles.ts';

export interface TileArrival {
  /** What the tile answers for, px. */
  readonly tile: Rectangle;
  /** The denoised pixels of it, mixed as asked, without alpha: `tile.width` x `tile.height`. */
  readonly image: RasterImage;
  readonly done: number;
  readonly total: number;
}

/** What both forms of the pipeline take. */
export interface FloatOptions<Store extends Residual = Float32Array> extends TileRunOptions<Store> {
  /** 0..255, at most the card's; `auto`, the default, estimates it, or leaves it to a blind model. */
  readonly sigma?: number | 'auto' | undefined;
  /** None of a blind model. */
  readonly onEstimate?: ((sigma: number | undefined) => void) | undefined;
}

export interface DenoiseOptions extends Omit<FloatOptions, 'onTile'>, Partial<Mix> {
  /** Awaited: return a promise to let messages, such as an abort, come through between tiles. */
  readonly onTile?: ((arrival: TileArrival) => void | Promise<void>) | undefined;
}

/** What the denoiser found in an image. */
export interface Removed<Store extends Residual = Float32Array> {
  /** The noise that was removed, noisy - denoised, [H,W,C], before mixing. */
  readonly residual: Store;
  /**
   * What the denoiser was told, 0..255. At 0 there was nothing to remove and the image is as it came. None of a blind
   * one, which finds out itself.
   */
  readonly sigma: number | undefined;
  /** Where more than one was needed (an engine failed), the last. None at sigma 0. */
  readonly plan: TilePlan | undefined;
  /** The engine that finished; `none` at sigma 0. */
  readonly engine: string;
  /** ms. */
  readonly timings: {
    readonly estimate: number;
    readonly open: number;
    readonly tiles: number;
    readonly total: number;
  };
}

export interface Denoised extends Removed {
  readonly image: RasterImage;
  /** The image with another mix, without running the network again. */
  mix(mix: Partial<Mix>): RasterImage;
}

/**
 * The pipeline on floats: estimate sigma, plan, run tile after tile. Values may leave 0..1, as those of images with
 * synthetic noise do.
 *
 * @throws DegrainError `bad-request` for options out of range and for a size that the model does not take,
 * `engine-failed` when no engine is left, and the
 * signal's reason when it is aborted.
 */
export async function denoiseFloat(
  noisy: FloatImage,
  card: ModelCard,
  engines: readonly EngineSource[],
  options: FloatOptions = {},
): Promise<Removed> {
  return removeNoise(noisy, card, engines, options);
}

async function removeNoise<Store extends Residual>(
  noisy: TileImage,
  card: ModelCard,
  engines: readonly EngineSource[],
  options: FloatOptions<Store>,
): Promise<Removed<Store>> {
  const now = options.now ?? Date.now;
  const started = now();
  assertSize(noisy, card);
  const sigma = chooseSigma(options.sigma ?? 'auto', noisy, card);
  const estimated = now();
  options.onEstimate?.(sigma);
  const run =
    sigma !== 0
      ? await runTiles(noisy, sigma, card, engines, options)
      : { residual: options.residual ?? nothing(noisy), plan: undefined, engine: 'none', open: 0 };
  const total = now() - started;
  const estimate = estimated - started;
  const timings = { estimate, open: run.open, tiles: total - estimate - run.open, total };
  return { residual: run.residual as Store, sigma, plan: run.plan, engine: run.engine, timings };
}

const nothing = ({ width, height, channels }: TileImage) => new Float32Array(width * height * channels);

/**
 * The pipeline on samples as they are, without the mix: `mixSamples` does that. It holds half a float per sample
 * where the others hold three: for photographs in a browser.
 *
 * @throws DegrainError as `denoiseFloat`, and `bad-request` for an image whose sizes and data don't agree.
 */
export async function denoiseSamples(
  image: RasterImage,
  card: ModelCard,
  engines: readonly EngineSource[],
  options: Omit<FloatOptions<Int16Array<ArrayBuffer>>, 'residual'> = {},
): Promise<Removed<Int16Array<ArrayBuffer>>> {
  assertRaster(image);
  const noisy = hidesColours(image) ? visibleColours(image) : tileImage(image);
  const residual = new Int16Array(image.width * image.height * noisy.channels);
  return removeNoise(noisy, card, engines, { ...options, residual });
}

/** Whether something is fully transparent. */
function hidesColours({ data, channels }: RasterImage): boolean {
  if (channels === 1 || channels === 3) return false;
  for (let i = channels - 1; i < data.length; i += channels) if (data[i] === 0) return true;
  return false;
}

function visibleColours(image: RasterImage): FloatImage {
  const { colour, alpha } = fromRaster(image);
  return alpha ? fillTransparent(colour, alpha) : colour;
}

/**
 * The whole pipeline, from pixels to pixels: as `denoiseFloat`, then the mix. Alpha, grey and 16 bits stay as they are.
 *
 * @throws DegrainError as `denoiseFloat`, and `bad-request` for an image whose sizes and data don't agree.
 */
export async function denoise(
  image: RasterImage,
  card: ModelCard,
  engines: readonly EngineSource[],
  options: DenoiseOptions = {},
): Promise<Denoised> {
  const now = options.now ?? Date.now;
  const started = now();
  const mix = checkMix({ ...FULL_MIX, ...definedOnly(options) });
  const { colour, alpha } = fromRaster(image);
  const noisy = alpha ? fillTransparent(colour, alpha) : colour;
  const { onTile } = options;
  const removed = await denoiseFloat(noisy, card, engines, {
    ...options,
    onTile:
      onTile &&
      (({ residual, ...arrived }) =>
        onTile({ ...arrived, image: arrivedPixels(noisy, residual, arrived.tile, mix, image.depth) })),
  });
  const mixed = (asked: Mix) => {
    const denoised = mixResidual(noisy, removed.residual, asked);
    const visible = alpha && noisy !== colour ? restoreHidden(denoised, colour, alpha) : denoised;
    return toRaster(visible, alpha, image.depth);
  };
  return {
    ...removed,
    image: mixed(mix),
    timings: { ...removed.timings, total: now() - started },
    mix: (asked) => mixed(checkMix({ ...mix, ...definedOnly(asked) })),
  };
}

function arrivedPixels(
  noisy: FloatImage,
  residual: Float32Array,
  tile: Rectangle,
  mix: Mix,
  depth: 8 | 16,
): RasterImage {
  const { channels, width } = noisy;
  const part = { ...tile, channels, data: new Float32Array(tile.width * tile.height * channels) };
  const removed = new Float32Array(part.data.length);
  for (let y = 0; y < tile.height; y++) {
    const from = ((tile.y + y) * width + tile.x) * channels;
    const to = y * tile.width * channels;
    part.data.set(noisy.data.subarray(from, from + tile.width * channels), to);
    removed.set(residual.subarray(from, from + tile.width * channels), to);
  }
  return toRaster(mixResidual(part, removed, mix), undefined, depth);
}

/** Colours that nobody sees come back as they were. */
function restoreHidden(denoised: FloatImage, original: FloatImage, alpha: AlphaPlane): FloatImage {
  const { channels, data } = denoised;
  for (let pixel = 0; pixel * channels < data.length; pixel++) {
    if (alpha[pixel] !== 0) continue;
    for (let i = pixel * channels; i < (pixel + 1) * channels; i++) data[i] = original.data[i] as number;
  }
  return denoised;
}

/** @throws DegrainError `bad-request` for a size that the model does not take. */
export function assertSize({ width, height }: Pick<FloatImage, 'width' | 'height'>, card: ModelCard): void {
  const size = card.family === 'filter' ? undefined : card.size;
  expectThat(size === undefined || (size.width === width && size.height === height), () => ({
    expected: `an image of ${size?.width} x ${size?.height} pixels for ${card.id}`,
    received: `${width} x ${height}`,
    remedy: 'Resize the image, or take a model that takes any size.',
  }));
}

function definedOnly(options: Partial<Mix>): Partial<Mix> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
