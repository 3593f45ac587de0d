import { Hono } from 'hono';
import * as z from 'zod/mini';
import { filesToRun, type ModelCard } from '../../models/card.ts';
import { listCards } from '../../models/catalog.ts';
import { runsAtEdge } from '../../models/limits.ts';
import type { Env } from '../env.ts';
import { admitted } from '../http/admission.ts';
import { mayDo } from '../http/auth.ts';
import { idTaken } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import { serverTiming, stopwatch } from '../http/timing.ts';
import { query, uuid } from '../http/validate.ts';
import { denoiseInTurn } from '../image/denoise-in-turn.ts';
import { estimate, tooLarge } from '../image/estimate.ts';
import { answersTo, receive } from '../image/receive.ts';
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
  dryRun: z._default(z.enum(['0', '1'], "'1', or '0'"), '0'),
  /** Read by `admitted`: a retry with it counts once. */
  planId: z.exactOptional(uuid),
});

export const denoise = new Hono<{ Bindings: Env }>().post('/', mayDo('denoise'), admitted, async (c) => {
  const { model, dryRun, planId: _, ...options } = query(c.req.raw, DenoiseQuery);
  const card = edgeModel(model);
  const time = stopwatch();
  const received = await receive(c.req.raw, c.env);
  if (dryRun === '1') {
    await c.var.caller.release();
    return c.json(estimate(c.req.raw, received, card), 200, { 'Cache-Control': 'no-store' });
  }
  const answers = answersTo(c.req.raw, received);
  if (!received.fits) throw tooLarge(c.req.raw, received, card);
  time('receive');
  const { file, type, ...done } = await denoiseInTurn(c.env, card, received, answers, options);
  Object.assign(time.laps, done.timings);
  time('denoise');
  await record(c.var.caller, c.var.usageId, card, done);
  time('ledger');
  return c.body(file, 200, {
    'Content-Type': type,
    'Cache-Control': 'no-store',
    'Degrain-Model': modelHeader(card),
    ...(done.sigma !== undefined && { 'Degrain-Sigma': done.sigma.toFixed(2) }),
    'Degrain-Megapixels': String((done.width * done.height) / 1e6),
    'Server-Timing': serverTiming(time.laps),
  });
});

function edgeModel(reference: string): ModelCard {
  const card = resolveModel(reference);
  if (runsAtEdge(card)) return card;
  throw new Problem('model-not-at-edge', {
    expected: `one of ${listCards().filter(runsAtEdge).map(nameOf).join(', ')}`,
    received: nameOf(card),
    remedy: 'It is too large for the edge: run it in the browser with the library, or take one of these here.',
  });
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
