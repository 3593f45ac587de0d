import { Hono } from 'hono';
import * as z from 'zod/mini';
import { filesToRun, type ModelCard } from '../../models/card.ts';
import { listCards } from '../../models/catalog.ts';
import { type DenoiseOptions, denoise as runPipeline } from '../../models/denoise.ts';
import type { EngineSource } from '../../models/engine.ts';
import type { RasterImage } from '../../models/image.ts';
import { runsAtEdge } from '../../models/limits.ts';
import type { Env } from '../env.ts';
import { admitted } from '../http/admission.ts';
import { mayDo } from '../http/auth.ts';
import { readBody } from '../http/body.ts';
import { idTaken } from '../http/ids.ts';
import { EDGE_TILE_PIXELS } from '../http/limits.ts';
import { Problem } from '../http/problem.ts';
import { serverTiming, stopwatch } from '../http/timing.ts';
import { query, uuid } from '../http/validate.ts';
import { describePlan, planFor } from '../planning.ts';
import { type DecodedPng, decodePng, encodePng } from '../png/codec.ts';
import { HEADER_BYTES, readHeader } from '../png/guard.ts';
import { MODEL_REFERENCE, nameOf, resolveModel } from '../published.ts';
import type { Caller } from '../usage/caller.ts';
import type { EdgeEvent } from '../usage/event.ts';
import { unauthorized } from '../usage/refusals.ts';

const decimal = (least: number, most: number) => {
  const expected = `a number from ${least} to ${most}`;
  const digits = z.string(expected).check(z.regex(/^\d{1,3}(\.\d{1,9})?$/, expected));
  return z.pipe(z.pipe(digits, z.transform(Number)), z.number().check(z.gte(least, expected), z.lte(most, expected)));
};
const share = z.exactOptional(decimal(0, 1));

export const DenoiseQuery = z.object({
  model: z._default(z.string().check(z.regex(MODEL_REFERENCE, "a model's id, such as fast or fast@1.0.0")), 'fast'),
  // The card says how far sigma may go; the pipeline checks it.
  sigma: z._default(z.union([z.literal('auto'), decimal(0, 255)], "'auto' or a number from 0 to 255"), 'auto'),
  strength: share,
  luma: share,
  chroma: share,
  /** Read by `admitted`: a retry with it counts once. */
  planId: z.exactOptional(uuid),
});

const TYPE = 'image/png';

export const denoise = new Hono<{ Bindings: Env }>().post('/', mayDo('denoise'), admitted, async (c) => {
  const { model, planId: _, ...options } = query(c.req.raw, DenoiseQuery);
  const card = edgeModel(model);
  const time = stopwatch();
  const { image, kept } = await readImage(c.req.raw, c.env, card);
  time('decode');
  const { file, ...done } = await run(c.env, card, image, kept, options);
  time('denoise');
  Object.assign(time.laps, done.timings);
  await record(c.var.caller, c.var.usageId, card, done);
  time('ledger');
  return c.body(file, 200, {
    'Content-Type': TYPE,
    'Cache-Control': 'no-store',
    'Degrain-Model': modelHeader(card),
    ...(done.sigma !== undefined && { 'Degrain-Sigma': done.sigma.toFixed(2) }),
    'Degrain-Megapixels': String((done.width * done.height) / 1e6),
    'Server-Timing': serverTiming(time.laps),
  });
});

/** Keeps nothing but the file and numbers: others may be waiting for the memory while the ledger is asked. */
async function run(env: Env, card: ModelCard, image: RasterImage, kept: DecodedPng['kept'], options: DenoiseOptions) {
  const result = await runPipeline(image, card, [await sourceOf(env, card)], options);
  const time = stopwatch();
  const file = await encodePng(result.image, kept);
  time('encode');
  const { estimate, open, tiles } = result.timings;
  return {
    file,
    sigma: result.sigma,
    width: image.width,
    height: image.height,
    tiles: result.plan?.tiles.length ?? 0,
    timings: { estimate, open, tiles, ...time.laps },
  };
}

/** Filters and TF.js are evaluated on first use: most requests of most isolates are for plans. */
async function sourceOf(env: Env, card: ModelCard): Promise<EngineSource> {
  if (card.family !== 'filter') return (await import('../inference/source.ts')).edgeSource(env, card);
  const { filterSource } = await import('../../models/filters/engine.ts');
  return filterSource(card.id, EDGE_TILE_PIXELS);
}

function edgeModel(reference: string): ModelCard {
  const card = resolveModel(reference);
  if (runsAtEdge(card)) return card;
  throw new Problem('model-not-at-edge', {
    expected: `one of ${listCards().filter(runsAtEdge).map(nameOf).join(', ')}`,
    received: nameOf(card),
    remedy: 'It is too large for the edge: run it in the browser with the library, or take one of these here.',
  });
}

/** The decoded body. Whatever is too large is known by the first bytes, and nothing of it is decoded. */
async function readImage(request: Request, env: Env, card: ModelCard) {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== TYPE) {
    throw new Problem('unsupported-media-type', {
      expected: `Content-Type: ${TYPE}`,
      received: type ? type.slice(0, 80) : 'none',
      remedy: `Send the file's bytes as ${TYPE}.`,
    });
  }
  const limits = { maxBytes: Number(env.EDGE_MAX_BYTES), maxPixels: Number(env.EDGE_MAX_PIXELS) };
  const { bytes, complete } = await readBody(request, limits.maxBytes, HEADER_BYTES);
  const { width, height } = readHeader(bytes);
  if (!complete || width * height > limits.maxPixels) throw tooLarge(request, limits, card, width, height);
  return decodePng(bytes, limits);
}

/** Carries what a browser needs to do it: a plan that counts once it is asked for, and where to do so. */
function tooLarge(
  request: Request,
  { maxPixels, maxBytes }: { maxPixels: number; maxBytes: number },
  card: ModelCard,
  width: number,
  height: number,
): Problem {
  const { origin } = new URL(request.url);
  return new Problem('image-too-large', {
    expected: `at most ${maxPixels} pixels and ${maxBytes} bytes`,
    received: `${width} x ${height} = ${width * height} pixels${width * height > maxPixels ? '' : ', in more bytes'}`,
    remedy: 'Denoise it in the browser: open `links.page`, or embed degrain, which follows such a plan by itself.',
    more: {
      plan: planIfPossible(origin, card, width, height),
      links: { page: `${origin}/?model=${card.id}`, plans: `${origin}/v1/plans` },
    },
  });
}

function planIfPossible(origin: string, card: ModelCard, width: number, height: number) {
  try {
    return describePlan(origin, card, 'q8', planFor(card, width, height, {}));
  } catch {
    // Beyond what any device takes: then there is no plan to carry.
    return undefined;
  }
}

async function record(
  caller: Caller,
  id: string,
  { id: model, version }: ModelCard,
  { width, height, tiles }: Pick<EdgeEvent, 'width' | 'height' | 'tiles'>,
): Promise<void> {
  const event: EdgeEvent = { kind: 'edge', id, at: Date.now(), model, version, width, height, tiles, bytes: 0 };
  const recorded = await caller.recordEdge(event);
  if (recorded === 'taken') throw idTaken(id);
  if (recorded === 'gone') throw unauthorized('a key of a site that is gone');
}

/** Filters have no weights to name. */
function modelHeader(card: ModelCard): string {
  const weights = filesToRun(card, 'f16').filter(({ role }) => role !== 'graph');
  const hash = weights.map(({ sha256 }) => sha256).join('+');
  return hash ? `${nameOf(card)}; sha256=${hash}` : nameOf(card);
}
