import * as z from 'zod/mini';
import type { Precision } from '../../models/card.ts';
import type { Device } from '../../models/limits.ts';
import { connection } from './connection.ts';
import { ask, type Edge, edgeAddress, unreachable } from './request.ts';

const pixels = z.int().check(z.nonnegative());

/** What the client reads of the answer to POST /v1/plans. */
const PlanReply = z.object({
  planId: z.string(),
  model: z.object({
    id: z.string(),
    version: z.string(),
    /** Address of the card. */
    card: z.url(),
    files: z.array(z.object({ url: z.url(), name: z.string(), bytes: pixels, sha256: z.string() })),
  }),
  precision: z.enum(['f16', 'q8']),
  width: pixels,
  height: pixels,
  tile: z.object({ width: pixels, height: pixels }),
  halo: pixels,
  multiple: pixels,
  tiles: z.array(z.object({ x: pixels, y: pixels, width: pixels, height: pixels })),
  /** It will be counted: the ledger is away. */
  queued: z.optional(z.boolean()),
});
export type PlanReply = z.infer<typeof PlanReply>;

export interface PlanRequest {
  readonly model: string;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** The edge chooses unless told. */
  readonly precision?: Precision;
  readonly device: Device;
}

/** POST /v1/plans: which files to load and how to cut the picture. The edge counts it. */
export async function requestPlan(edge: Edge, request: PlanRequest, signal: AbortSignal): Promise<PlanReply> {
  const address = edgeAddress(edge, 'v1/plans');
  // A string body goes as text/plain: with the key in the address the browser sends it without a preflight.
  const body = JSON.stringify({ planId: crypto.randomUUID(), connection: connection(), ...request });
  const response = await ask(address, { method: 'POST', body, signal });
  const parsed = PlanReply.safeParse(await response.json());
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw unreachable(address, `a plan of another format (${issue?.path.join('.')}: ${issue?.message})`);
}
