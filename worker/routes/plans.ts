import { Hono } from 'hono';
import * as z from 'zod/mini';
import { choosePrecision } from '../../models/plan.ts';
import { MAX_SIDE } from '../../models/tiles.ts';
import type { Env } from '../env.ts';
import { mayDo } from '../http/auth.ts';
import { idTaken } from '../http/ids.ts';
import { originOf } from '../http/request.ts';
import { jsonBody, uuid, whole } from '../http/validate.ts';
import { describePlan, planFor } from '../planning.ts';
import { getCard, MODEL_REFERENCE, resolveModel } from '../published.ts';
import type { PlanEvent, PlanInputs } from '../usage/event.ts';
import { isSameImage } from '../usage/records.ts';

const side = whole(1, MAX_SIDE);
const bytes = whole(1, Number.MAX_SAFE_INTEGER);
const flag = z.boolean('true or false');

/** What is to be denoised, and on what: enough to make the plan. Fields that are not listed are ignored. */
export const PlanSubject = z.object(
  {
    model: z.string("a model's id").check(z.regex(MODEL_REFERENCE, "a model's id, such as fast or fast@1.0.0")),
    width: side,
    height: side,
    channels: z.exactOptional(whole(1, 4)),
    precision: z.exactOptional(z.enum(['f16', 'q8'], "'f16' or 'q8'")),
    device: z.exactOptional(
      z.object(
        {
          backend: z.exactOptional(z.enum(['webgpu', 'wasm', 'cpu'], "'webgpu', 'wasm' or 'cpu'")),
          maxBufferSize: z.exactOptional(bytes),
          maxStorageBufferBindingSize: z.exactOptional(bytes),
          shaderF16: z.exactOptional(flag),
          memoryBytes: z.exactOptional(bytes),
        },
        'an object',
      ),
    ),
    /** As `navigator.connection` has it. Decides on the precision, and is not stored. */
    connection: z.exactOptional(
      z.object(
        {
          saveData: z.exactOptional(flag),
          downlinkMbps: z.exactOptional(z.number('a number').check(z.gte(0, 'a number of 0 or more'))),
        },
        'an object',
      ),
    ),
  },
  'a JSON object',
);
type PlanSubject = z.output<typeof PlanSubject>;

export const PlanRequest = z.extend(PlanSubject, { planId: z.exactOptional(uuid) });

export const plans = new Hono<{ Bindings: Env }>().post('/', mayDo('plan'), jsonBody(PlanRequest), async (c) => {
  const { planId = crypto.randomUUID(), ...subject } = c.req.valid('json');
  const origin = originOf(c.req.url);
  const asked = inputsOf(subject);
  const made = makePlan(origin, asked);
  const recorded = await c.var.caller.plan(eventOf(planId, asked, made, Date.now()));
  if (recorded === 'taken') throw idTaken(planId);
  const known = typeof recorded === 'object' ? recorded : asked;
  if (!isSameImage(known, asked)) throw idTaken(planId, known);
  const plan = isSameWork(known, asked) ? made : makePlan(origin, known);
  const queued = recorded === 'queued' && { queued: true };
  return c.json({ planId, ...plan, ...queued }, 200, { 'Cache-Control': 'no-store' });
});

export function inputsOf({ model, width, height, precision, device = {}, connection = {} }: PlanSubject): PlanInputs {
  const card = resolveModel(model);
  const { id, version } = card;
  const chosen = precision ?? choosePrecision(card, device, connection);
  return { model: id, version, width, height, precision: chosen, device };
}

export function makePlan(origin: string, { model, version, width, height, precision, device }: PlanInputs) {
  const card = getCard(model, version);
  return describePlan(origin, card, precision, planFor(card, width, height, device));
}

/** What a plan counts as. */
export function eventOf(id: string, inputs: PlanInputs, plan: ReturnType<typeof makePlan>, at: number): PlanEvent {
  return { kind: 'plan', id, at, ...inputs, tiles: plan.tiles.length, bytes: plan.estimate.downloadBytes };
}

const isSameWork = (a: PlanInputs, b: PlanInputs) =>
  a === b ||
  (a.version === b.version && a.precision === b.precision && JSON.stringify(a.device) === JSON.stringify(b.device));
