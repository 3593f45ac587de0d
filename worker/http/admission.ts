import type { MiddlewareHandler } from 'hono';
import * as z from 'zod/mini';
import type { CallerEnv } from './auth.ts';
import { idTaken } from './ids.ts';
import { parse, uuid } from './validate.ts';

type Admitted = { Bindings: CallerEnv['Bindings']; Variables: CallerEnv['Variables'] & { usageId: string } };

const Id = z.object({ planId: z.exactOptional(uuid) });

/**
 * After `mayDo`, before work that is recorded when it is done: asks whether key, rate and quota allow it. `c.var.usageId`
 * is what it will be counted under: the `planId` of the address, with which a retry counts once, or a new one. What
 * fails gives its place back.
 */
export const admitted: MiddlewareHandler<Admitted> = async (c, next) => {
  const { caller } = c.var;
  const given = new URL(c.req.url).searchParams.get('planId');
  const { planId } = parse(Id, given === null ? {} : { planId: given });
  const id = planId ?? crypto.randomUUID();
  if ((await caller.admit(id, Number(c.env.EDGE_MAX_PIXELS))) === 'taken') throw idTaken(id);
  c.set('usageId', id);
  await next();
  if (c.error) await caller.release();
};
