import * as z from 'zod/mini';
import { bytes, count } from './described.ts';

const day = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/), z.describe('UTC'));

const totals = {
  plans: count,
  edgeDenoises: count,
  megapixels: z.number().check(z.nonnegative(), z.describe('1e6 px, planned or denoised')),
  tiles: count,
  bytesPlanned: bytes,
  outcomes: z
    .record(z.string(), z.record(z.string(), count))
    .check(z.describe('how many plans ended how, by backend and outcome')),
};

const outcomes = z.record(z.string(), count);

export const UsageCounted = z.object({
  counted: z.boolean().check(z.describe('false: it was counted before')),
  queued: z.exactOptional(z.literal(true)).check(z.describe('the ledger is away: it will be counted')),
});

/** `days`, `models` or `backends`, as asked. */
export const UsageReport = z.object({
  from: day,
  to: day,
  total: z.object(totals),
  days: z.exactOptional(z.array(z.object({ day, ...totals }))),
  models: z.exactOptional(z.array(z.object({ model: z.string(), version: z.string(), ...totals }))),
  backends: z.exactOptional(
    z.array(z.object({ backend: z.string(), outcomes, tiles: count, milliseconds: z.number() })),
  ),
});
