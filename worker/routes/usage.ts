import { Hono } from 'hono';
import * as z from 'zod/mini';
import type { Env } from '../env.ts';
import { mayDo } from '../http/auth.ts';
import { DEFAULT_REPORT_DAYS, MAX_REPORT_DAYS } from '../http/limits.ts';
import { Problem } from '../http/problem.ts';
import { jsonBody, query, uuid, whole } from '../http/validate.ts';
import { BACKENDS, dayOf, OUTCOMES } from '../usage/event.ts';
import { askLedger } from '../usage/ledger.ts';

const DAY = 24 * 3600 * 1000;
const WEEK = 7 * DAY;

export const Beacon = z.object(
  {
    planId: uuid,
    backend: z.enum(BACKENDS, `one of ${BACKENDS.join(', ')}`),
    adapter: z._default(z.string('a text').check(z.maxLength(128, 'a text of at most 128 characters')), ''),
    tiles: whole(0, 1e6),
    milliseconds: z.number('a number').check(z.gte(0, 'a number of 0 or more'), z.lte(WEEK, `at most ${WEEK}`)),
    outcome: z.enum(OUTCOMES, `one of ${OUTCOMES.join(', ')}`),
  },
  'a JSON object',
);

const day = z.exactOptional(
  z.string().check(
    z.regex(/^\d{4}-\d{2}-\d{2}$/, 'a day as YYYY-MM-DD'),
    z.refine((text) => isDay(text), 'a day that exists'),
  ),
);

export const Period = z.object({ from: day, to: day });

function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && dayOf(at) === text;
}

export const usage = new Hono<{ Bindings: Env }>()
  .post('/', mayDo('report-usage'), jsonBody(Beacon), async (c) => {
    const event = { ...c.req.valid('json'), at: Date.now() };
    const { site } = c.var.caller;
    const counted = await askLedger(c.env, site, async (ledger) => await ledger.recordOutcome(event));
    if (counted !== 'unknown') return c.json({ counted: counted === 'counted' }, 202, { 'Cache-Control': 'no-store' });
    throw new Problem('not-found', {
      expected: "the planId of one of this site's plans",
      received: event.planId,
      remedy: 'Report the planId that POST /v1/plans answered with.',
    });
  })
  .get('/', mayDo('read-usage'), async (c) => {
    const period = query(c.req.raw, Period);
    const to = period.to ?? dayOf(Date.now());
    const from = period.from ?? dayOf(Date.parse(to) - (DEFAULT_REPORT_DAYS - 1) * DAY);
    const days = (Date.parse(to) - Date.parse(from)) / DAY + 1;
    if (days < 1 || days > MAX_REPORT_DAYS) {
      throw new Problem('bad-request', {
        expected: `from and to at most ${MAX_REPORT_DAYS} days apart, in this order`,
        received: `${from} to ${to}`,
        remedy: 'Ask for a shorter period, or several.',
      });
    }
    const { site } = c.var.caller;
    const report = await askLedger(c.env, site, async (ledger) => await ledger.report(from, to));
    return c.json(report, 200, { 'Cache-Control': 'no-store' });
  });
