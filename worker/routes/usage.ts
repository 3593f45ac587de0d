import { Hono } from 'hono';
import { accepts } from 'hono/accepts';
import * as z from 'zod/mini';
import type { Env } from '../env.ts';
import { mayDo } from '../http/auth.ts';
import { idTaken } from '../http/ids.ts';
import { DEFAULT_REPORT_DAYS, MAX_REPORT_DAYS } from '../http/limits.ts';
import { Problem } from '../http/problem.ts';
import { jsonBody, query, uuid, whole } from '../http/validate.ts';
import { reportCsv } from '../usage/csv.ts';
import { BACKENDS, dayOf, OUTCOMES } from '../usage/event.ts';
import { GROUPS } from '../usage/report.ts';
import { eventOf, inputsOf, makePlan, PlanSubject } from './plans.ts';

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
    /** What the plan was for, where the client made it without the edge. */
    plan: z.exactOptional(PlanSubject),
  },
  'a JSON object',
);

const day = z.exactOptional(
  z.string().check(
    z.regex(/^\d{4}-\d{2}-\d{2}$/, 'a day as YYYY-MM-DD'),
    z.refine((text) => isDay(text), 'a day that exists'),
  ),
);

export const ReportQuery = z.object({
  from: day,
  to: day,
  by: z._default(z.enum(GROUPS, `one of ${GROUPS.join(', ')}`), 'day'),
  format: z.exactOptional(z.enum(['json', 'csv'], "'json' or 'csv'")),
});

function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && dayOf(at) === text;
}

export const usage = new Hono<{ Bindings: Env }>()
  .post('/', mayDo('report-usage'), jsonBody(Beacon), async (c) => {
    const { plan, ...report } = c.req.valid('json');
    const at = Date.now();
    const counted = await c.var.caller.outcome({
      kind: 'outcome',
      ...report,
      at,
      ...(plan && { plan: planMadeAlone(report.planId, plan, at) }),
    });
    if (counted === 'taken') throw idTaken(report.planId);
    if (counted === 'unknown') {
      throw new Problem('not-found', {
        expected: "the planId of one of this site's plans",
        received: report.planId,
        remedy: 'Report the planId that POST /v1/plans answered with, or send the `plan` with it.',
      });
    }
    const queued = counted === 'queued' && { queued: true };
    return c.json({ counted: counted === 'counted', ...queued }, 202, { 'Cache-Control': 'no-store' });
  })
  .get('/', mayDo('read-usage'), async (c) => {
    const { by, format, ...period } = query(c.req.raw, ReportQuery);
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
    const report = await c.var.caller.report(from, to, by);
    const headers = { 'Cache-Control': 'no-store', Vary: 'Accept' };
    const supports = ['application/json', 'text/csv'];
    const accepted = accepts(c, { header: 'Accept', supports, default: 'application/json' });
    if (format !== 'csv' && (format === 'json' || accepted !== 'text/csv')) return c.json(report, 200, headers);
    return c.body(reportCsv(report), 200, {
      ...headers,
      'Content-Type': 'text/csv; charset=utf-8; header=present',
      'Content-Disposition': `attachment; filename="degrain-usage-by-${by}-${from}-${to}.csv"`,
    });
  });

/** Counted on the day that the edge hears of it: clients' clocks are not to be trusted. */
function planMadeAlone(id: string, subject: z.output<typeof PlanSubject>, at: number) {
  const inputs = inputsOf(subject);
  return eventOf(id, inputs, makePlan('', inputs), at);
}
