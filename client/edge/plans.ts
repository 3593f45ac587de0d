import * as z from 'zod/mini';
import type { ModelFile, Plan, PlanRequest as PlanFields } from './api.ts';
import { ask, type Edge, edgeAddress, unreachable } from './request.ts';

const pixels = z.int().check(z.nonnegative());

/** What the client reads of the answer to POST /v1/plans: as the API has it, or this does not compile. */
export type PlanReply = Pick<Plan, 'planId' | 'width' | 'height' | 'tile' | 'halo' | 'multiple' | 'tiles'> & {
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
  width: pixels,
  height: pixels,
  tile: z.object({ width: pixels, height: pixels }),
  halo: pixels,
  multiple: pixels,
  tiles: z.array(z.object({ x: pixels, y: pixels, width: pixels, height: pixels })),
});

/** What the API takes, but the id: it is made here. */
export type PlanRequest = Readonly<Omit<PlanFields, 'planId'>>;

/** POST /v1/plans: which files to load and how to cut the picture. The edge counts it. */
export async function requestPlan(edge: Edge, request: PlanRequest, signal: AbortSignal): Promise<PlanReply> {
  const address = edgeAddress(edge, 'v1/plans');
  // A string body goes as text/plain: with the key in the address the browser sends it without a preflight.
  const body = JSON.stringify({ planId: crypto.randomUUID(), ...request } satisfies PlanFields);
  const response = await ask(address, { method: 'POST', body, signal });
  const parsed = PlanReply.safeParse(await response.json());
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw unreachable(address, `a plan of another format (${issue?.path.join('.')}: ${issue?.message})`);
}
