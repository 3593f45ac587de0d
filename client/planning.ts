import { filesToRun, type ModelCard, type Precision, precisionOf } from '../models/card.ts';
import { choosePrecision, planFor, withCost } from '../models/plan.ts';
import { isAway, keptCard, remoteFile } from './cards.ts';
import type { EngineName } from './contract.ts';
import { connection } from './edge/connection.ts';
import { type PlanReply, type PlanRequest, requestPlan } from './edge/plans.ts';
import type { PublishedModel } from './model.ts';
import type { Session } from './session.ts';
import { isHere } from './weights.ts';

export interface Planned {
  readonly reply: PlanReply;
  readonly model: PublishedModel;
}

/** ms that a kept model waits for an edge that neither answers nor is known to be away. */
const PATIENCE = 4000;

/**
 * A plan and its model, from the edge; or made here by the same planner, where the edge is away and a card is kept. If
 * the edge has counted it all the same, the id makes it count once.
 */
export async function planPicture(
  session: Session,
  request: PlanRequest,
  engines: readonly EngineName[],
  signal: AbortSignal,
): Promise<Planned> {
  const { endpoint } = session.edge;
  const runsHere = engines.some((name) => name !== 'edge');
  const card = runsHere ? await keptCard(endpoint, request.model) : undefined;
  const patience = card ? withLimit(signal) : signal;
  try {
    const reply = await requestPlan(session.edge, request, patience);
    return { reply, model: await session.model(reply, patience) };
  } catch (failure) {
    signal.throwIfAborted();
    if (!card || !(isAway(failure) || patience.aborted)) throw failure;
    const remote: PublishedModel['remote'] = (file) => remoteFile(endpoint, card, file);
    return { reply: await planAlone(endpoint, card, request), model: { card, remote } };
  }
}

/** Before Safari 17.4 signals could not be joined: then without a limit. */
function withLimit(signal: AbortSignal): AbortSignal {
  return 'any' in AbortSignal ? AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]) : signal;
}

/** `queued`, because the edge hears of it with the report of how it went, under the same id. */
async function planAlone(endpoint: string, card: ModelCard, request: PlanRequest): Promise<PlanReply> {
  const { planId, width, height, device = {} } = request;
  const wanted = request.precision ?? choosePrecision(card, device, connection() ?? {});
  const precision = request.precision ? wanted : await precisionHere(card, wanted);
  const { id, version } = card;
  const files = filesToRun(card, precision).map((file) => ({ ...remoteFile(endpoint, card, file), name: file.name }));
  return {
    planId,
    model: { id, version, card: new URL(`v1/models/${id}/${version}`, endpoint).href, files },
    ...withCost(card, precision, planFor(card, width, height, device)),
    queued: true,
  };
}

/** The weights that are kept, in whichever form. */
export async function precisionHere(card: ModelCard, wanted: Precision): Promise<Precision> {
  const other = precisionOf(card, wanted === 'q8' ? 'f16' : 'q8');
  const isComplete = async (precision: Precision) =>
    (await Promise.all(filesToRun(card, precision).map(isHere))).every(Boolean);
  return !(await isComplete(wanted)) && (await isComplete(other)) ? other : wanted;
}
