import { Hono } from 'hono';
import * as z from 'zod/mini';
import { MAX_SIDE } from '../../models/tiles.ts';
import type { Env } from '../env.ts';
import { mayDo } from '../http/auth.ts';
import { Problem } from '../http/problem.ts';
import { jsonBody, uuid, whole } from '../http/validate.ts';
import { describePlan, planFor } from '../planning.ts';
import { getCard, MODEL_REFERENCE, resolveModel } from '../published.ts';
import type { PlanInputs } from '../usage/event.ts';
import { askLedger } from '../usage/ledger.ts';

const side = whole(1, MAX_SIDE);
const bytes = whole(1, Number.MAX_SAFE_INTEGER);

/** Fields that are not listed are ignored: a newer client may say more. */
export const PlanRequest = z.object(
  {
    planId: z.exactOptional(uuid),
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
          shaderF16: z.exactOptional(z.boolean('true or false')),
          memoryBytes: z.exactOptional(bytes),
        },
        'an object',
      ),
    ),
  },
  'a JSON object',
);

export type PlanRequest = z.output<typeof PlanRequest>;

export const plans = new Hono<{ Bindings: Env }>().post('/', mayDo('plan'), jsonBody(PlanRequest), async (c) => {
  const request = c.req.valid('json');
  const { origin } = new URL(c.req.url);
  const planId = request.planId ?? crypto.randomUUID();
  const asked = inputsOf(request);
  const made = makePlan(origin, asked);
  const event = {
    kind: 'plan',
    id: planId,
    at: Date.now(),
    ...asked,
    tiles: made.tiles.length,
    bytes: made.estimate.downloadBytes,
  } as const;
  const recorded = await askLedger(c.env, c.var.caller.site, async (ledger) => await ledger.recordPlan(event));
  if (!recorded || !isSameImage(recorded, asked)) throw idTaken(planId, recorded);
  const plan = isSameWork(recorded, asked) ? made : makePlan(origin, recorded);
  return c.json({ planId, ...plan }, 200, { 'Cache-Control': 'no-store' });
});

/** Half the download for a hundredth of a dB, unless the caller wants the weights as they were trained. */
const DEFAULT_PRECISION = 'q8';

function inputsOf({ model, width, height, precision = DEFAULT_PRECISION, device = {} }: PlanRequest): PlanInputs {
  const { id, version } = resolveModel(model);
  return { model: id, version, width, height, precision, device };
}

function makePlan(origin: string, { model, version, width, height, precision, device }: PlanInputs) {
  const card = getCard(model, version);
  return describePlan(origin, card, precision, planFor(card, width, height, device));
}

const isSameImage = (a: PlanInputs, b: PlanInputs) =>
  a.model === b.model && a.width === b.width && a.height === b.height;

const isSameWork = (a: PlanInputs, b: PlanInputs) =>
  a.version === b.version && a.precision === b.precision && JSON.stringify(a.device) === JSON.stringify(b.device);

/** A retry gets its plan again. A plan for another image would be of no use, and hide that the caller mixed up ids. */
function idTaken(planId: string, recorded: PlanInputs | undefined): Problem {
  const taken = recorded ? `one of ${recorded.width} x ${recorded.height} with ${recorded.model}` : 'another use';
  return new Problem('bad-request', {
    expected: 'a planId that is new, or that of the same image and model',
    received: `${planId}, known from ${taken}`,
    remedy: 'Make a new UUID for each image.',
  });
}
