import * as z from 'zod/mini';
import type { ModelFile, Plan, PlanRequest as PlanFields } from './api.ts';
import { connection } from './connection.ts';
import { ask, type Edge, edgeAddress, unreachable } from './request.ts';

const pixels = z.int().check(z.nonnegative());

/** What the client reads of the answer to POST /v1/plans: as the API has it, or this does not compile. */
export type PlanReply = Pick<
  Plan,
  'planId' | 'precision' | 'width' | 'height' | 'tile' | 'halo' | 'multiple' | 'queued'
> & {
  tiles: readonly Plan['tiles'][number][];
  model: Omit<Plan['model'], 'files'> & { files: Pick<ModelFile, 'url' | 'name' | 'bytes' | 'sha256'>[] };
};

const PlanReply: z.ZodMiniType<PlanReply> = z.object({
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
  queued: z.exactOptional(z.literal(true)),
});

/** What the API takes, but the connection: it is known here. The id is the caller's, so that a plan counts once. */
export type PlanRequest = Readonly<Omit<PlanFields, 'connection'> & { planId: string }>;

/** POST /v1/plans: which files to load and how to cut the picture. The edge counts it. */
export async function requestPlan(edge: Edge, request: PlanRequest, signal: AbortSignal): Promise<PlanReply> {
  const address = edgeAddress(edge, 'v1/plans');
  // A string body goes as text/plain: with the key in the address the browser sends it without a preflight.
  const known = connection();
  const body = JSON.stringify({ ...request, ...(known && { connection: known }) } satisfies PlanFields);
  const response = await ask(address, { method: 'POST', body, signal });
  const parsed = PlanReply.safeParse(await response.json());
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw unreachable(address, `a plan of another format (${issue?.path.join('.')}: ${issue?.message})`);
}
