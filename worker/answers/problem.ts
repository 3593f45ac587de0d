import * as z from 'zod/mini';
import { PROBLEMS, type ProblemCode } from '../http/problem.ts';
import { address } from './described.ts';
import { PlanOutline } from './plan.ts';

const codes = Object.keys(PROBLEMS) as ProblemCode[];

/** RFC 9457. */
export const Problem = z.object({
  type: z.templateLiteral(['/problems/', z.enum(codes)]).check(z.describe('its last part is the code')),
  title: z.string(),
  status: z.int(),
  detail: z.string().check(z.describe('what to do')),
  expected: z.string(),
  received: z.string(),
  requestId: z.uuid().check(z.describe('what the log knows the request by')),
  quota: z.exactOptional(z.enum(['monthlyMegapixels', 'monthlyDenoises'])),
  limit: z.exactOptional(z.number()),
  resets: z.exactOptional(z.iso.datetime()),
  plan: z.exactOptional(PlanOutline),
  links: z.exactOptional(z.object({ page: address, plans: address })),
});

/** What GET /problems/:code says of a code. */
export const ProblemCodeInfo = z.object({ code: z.enum(codes), status: z.int(), title: z.string() });
