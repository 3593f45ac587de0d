import * as z from 'zod/mini';
import { address, bytes, count, px } from './described.ts';
import { PlanOutline } from './plan.ts';

/** What denoising an image would take: the answer to a dry run. */
export const Estimate = z.object({
  model: z.string().check(z.describe('id@version')),
  type: z.enum(['image/png', 'image/jpeg']),
  width: px,
  height: px,
  megapixels: z.number(),
  withinLimits: z.boolean().check(z.describe('whether the edge takes it, as far as size tells')),
  limits: z.object({ pixels: px, bytes }),
  tiles: z.optional(count.check(z.describe('windows that the edge would run; missing where there would be too many'))),
  gmacs: z.optional(z.number().check(z.describe('1e9 multiply-accumulates'))),
  peakBytes: z.optional(bytes),
  plan: z.optional(PlanOutline),
  links: z.object({ page: address, plans: address }),
});
