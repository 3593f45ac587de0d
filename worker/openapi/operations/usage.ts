import type * as z from 'zod/mini';
import { UsageCounted, UsageReport } from '../../answers/usage.ts';
import { Beacon, ReportQuery } from '../../routes/usage.ts';
import type * as report from '../../usage/report.ts';
import { PLAN_ID } from '../examples.ts';
import type { Operation } from '../operation.ts';

const totals = {
  plans: 3,
  edgeDenoises: 1,
  megapixels: 2.945536,
  tiles: 37,
  bytesPlanned: 3644712,
  outcomes: { wasm: { ok: 2 }, 'tfjs-webgpu': { ok: 1 } },
};

export const usage: readonly Operation[] = [
  {
    method: 'post',
    route: '/v1/usage',
    id: 'reportUsage',
    tag: 'usage',
    summary: 'Takes the report of how a plan went',
    description: 'Once per plan; `navigator.sendBeacon` will do. The second report of a plan is answered, not counted.',
    access: 'page or server',
    body: {
      type: 'application/json',
      schema: Beacon,
      example: {
        planId: PLAN_ID,
        backend: 'wasm',
        adapter: '',
        tiles: 12,
        milliseconds: 1840,
        outcome: 'ok',
      },
    },
    notes: {
      planId: { description: 'Of the plan' },
      backend: { description: 'What ran it, or was tried last' },
      adapter: { description: "The GPU's vendor and architecture, as WebGPU tells any page" },
      tiles: { description: 'That were finished' },
      milliseconds: { description: 'From the plan to the last tile' },
      plan: { description: 'What the plan was for, where the client made it without the edge' },
    },
    answers: {
      202: {
        description: 'Recorded',
        content: { type: 'application/json', schema: UsageCounted, example: { counted: true } },
      },
    },
    problems: ['bad-request', 'not-found'],
  },
  {
    method: 'get',
    route: '/v1/usage',
    id: 'getUsage',
    tag: 'usage',
    summary: "A site's totals, by day, model or backend",
    access: 'server',
    query: ReportQuery,
    notes: {
      from: { description: 'First day, UTC; 30 days before `to` unless given', example: '2026-11-01' },
      to: { description: 'Last day, UTC; today unless given', example: '2026-11-20' },
      by: { description: 'What the sums are of', example: 'day' },
      format: { description: '`csv` for a file; what `Accept` says unless given', example: 'json' },
    },
    answers: {
      200: {
        description: 'Totals, and those of each day with usage',
        content: [
          {
            type: 'application/json',
            schema: UsageReport satisfies z.ZodMiniType<report.UsageReport>,
            example: { from: '2026-11-01', to: '2026-11-20', total: totals, days: [{ day: '2026-11-20', ...totals }] },
          },
          { type: 'text/csv' },
        ],
      },
    },
    problems: ['bad-request'],
  },
];
