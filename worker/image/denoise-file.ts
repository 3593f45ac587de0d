import type { ModelCard } from '../../models/card.ts';
import { type DenoiseOptions, denoise } from '../../models/denoise.ts';
import type { EngineSource } from '../../models/engine.ts';
import type { RasterImage } from '../../models/image.ts';
import type { Env } from '../env.ts';
import { EDGE_TILE_PIXELS } from '../http/limits.ts';
import { Problem } from '../http/problem.ts';
import { stopwatch } from '../http/timing.ts';
import type { JpegCodec } from '../jpeg/codec.ts';
import { IMAGE_TYPES, type ImageFile, type ImageType, lostInJpeg, readImage, writeImage } from './files.ts';
import type { Received } from './receive.ts';

/** What came of an image: the file, and what is said of it. */
export interface DenoisedFile {
  readonly file: Uint8Array<ArrayBuffer>;
  readonly type: ImageType;
  /** None of a blind model. */
  readonly sigma: number | undefined;
  /** px. */
  readonly width: number;
  readonly height: number;
  /** 0 where nothing had to be removed. */
  readonly tiles: number;
  /** ms, by what took them. */
  readonly timings: Readonly<Record<string, number>>;
}

/**
 * From file to file. Keeps nothing but the new file and numbers: others may be waiting for the memory while the ledger is
 * asked.
 *
 * @throws Problem `not-acceptable`; DegrainError as `readImage` and `denoise`.
 */
export async function denoiseFile(
  env: Pick<Env, 'ASSETS'>,
  card: ModelCard,
  received: Received,
  answers: readonly ImageType[],
  options: DenoiseOptions,
): Promise<DenoisedFile> {
  const time = stopwatch();
  const source = await readImage(received.type, received.bytes, received.limits, jpegCodec);
  const type = answerType(answers, source);
  time('decode');
  const result = await denoise(source.image, card, [await sourceOf(env, card)], options);
  time('pipeline');
  const file = await writeImage(type, result.image, source, jpegCodec);
  time('encode');
  const { decode, encode } = time.laps;
  const { estimate, open, tiles } = result.timings;
  const { width, height } = source.image as RasterImage;
  return {
    file,
    type,
    sigma: result.sigma,
    width,
    height,
    tiles: result.plan?.tiles.length ?? 0,
    timings: { decode, estimate, open, tiles, encode } as Record<string, number>,
  };
}

/** The first of the types that were asked for which holds all of the image. */
function answerType(answers: readonly ImageType[], { image }: ImageFile): ImageType {
  const lost = lostInJpeg(image);
  const type = answers.find((answer) => answer === 'image/png' || !lost);
  if (type) return type;
  throw new Problem('not-acceptable', {
    expected: `Accept to take ${IMAGE_TYPES[0]}`,
    received: `${answers.join(', ')} for an image with ${lost}, which a JPEG cannot hold`,
    remedy: 'Ask for a PNG, or convert the image before.',
  });
}

/** Filters, kernels and codec are evaluated on first use: most requests of most isolates are for plans. */
async function sourceOf(env: Pick<Env, 'ASSETS'>, card: ModelCard): Promise<EngineSource> {
  if (card.family !== 'filter') return (await import('../inference/source.ts')).edgeSource(env, card);
  const { filterSource } = await import('../../models/filters/engine.ts');
  return filterSource(card.id, EDGE_TILE_PIXELS);
}

let codec: JpegCodec | undefined;

async function jpegCodec(): Promise<JpegCodec> {
  const [{ JpegCodec }, { binaries }] = await Promise.all([import('../jpeg/codec.ts'), import('../jpeg/binaries.ts')]);
  codec ??= new JpegCodec(binaries);
  return codec;
}
