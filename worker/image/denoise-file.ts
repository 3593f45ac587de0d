import type { ModelCard } from '../../models/card.ts';
import { type DenoiseOptions, denoise } from '../../models/denoise.ts';
import type { EngineSource } from '../../models/engine.ts';
import type { RasterImage } from '../../models/image.ts';
import type { Env } from '../env.ts';
import { EDGE_TILE_PIXELS, LONGEST_WAIT, MOST_WAITING } from '../http/limits.ts';
import { Problem } from '../http/problem.ts';
import { stopwatch } from '../http/timing.ts';
import { Busy, Gate } from '../inference/gate.ts';
import type { JpegCodec } from '../jpeg/codec.ts';
import { IMAGE_TYPES, type ImageFile, type ImageType, lostInJpeg, readImage, writeImage } from './files.ts';
import type { Received } from './receive.ts';

/** Of this isolate: the pixels and activations of one image at a time are in its memory. */
const gate = new Gate({ places: MOST_WAITING, patience: LONGEST_WAIT });

/**
 * From file to file, one request of the isolate after the other. Keeps nothing but the new file and numbers: others may
 * be waiting for the memory while the ledger is asked.
 *
 * @throws Problem `busy`, `not-acceptable`; DegrainError as `readImage` and `denoise`.
 */
export async function denoiseFile(
  env: Env,
  card: ModelCard,
  received: Received,
  answers: readonly ImageType[],
  options: DenoiseOptions,
) {
  const time = stopwatch();
  const leave = await gate.enter().catch(refuseIfBusy);
  try {
    time('wait');
    const source = await readImage(received.type, received.bytes, received.limits, jpegCodec);
    const type = answerType(answers, source);
    time('decode');
    const result = await denoise(source.image, card, [await sourceOf(env, card)], options);
    time('pipeline');
    const file = await writeImage(type, result.image, source, jpegCodec);
    time('encode');
    const { wait, decode, encode } = time.laps;
    const { estimate, open, tiles } = result.timings;
    const { width, height } = source.image as RasterImage;
    return {
      file,
      type,
      sigma: result.sigma,
      width,
      height,
      tiles: result.plan?.tiles.length ?? 0,
      timings: { wait, decode, estimate, open, tiles, encode } as Record<string, number>,
    };
  } finally {
    leave();
  }
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
async function sourceOf(env: Env, card: ModelCard): Promise<EngineSource> {
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

function refuseIfBusy(failure: unknown): never {
  if (!(failure instanceof Busy)) throw failure;
  throw new Problem('busy', {
    expected: 'a free place',
    received: `${MOST_WAITING} images that wait already, or ${LONGEST_WAIT / 1000} seconds of waiting`,
    remedy: 'Try again after the seconds in Retry-After, or denoise in the browser.',
  });
}
