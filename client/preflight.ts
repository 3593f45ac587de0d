import { filesToRun, type ModelCard, type Precision } from '../models/card.ts';
import { assertSize } from '../models/denoise.ts';
import { choosePrecision, planFor } from '../models/plan.ts';
import type { TilePlan } from '../models/tiles.ts';
import { passesOver } from '../models/windows.ts';
import { fetchCard, nameOf } from './cards.ts';
import type { EngineName, Explanation, PictureSize } from './contract.ts';
import { connection } from './edge/connection.ts';
import { engineOrder, enginesFor, isSelfTested } from './engine/choose.ts';
import { findGpu } from './engine/gpu.ts';
import { hasWasmSimd } from './engine/simd.ts';
import { deviceOf } from './engines.ts';
import { explainEngines } from './explain.ts';
import { goldenFiles } from './golden.ts';
import type { Prepared } from './protocol.ts';
import type { Session } from './session.ts';
import { isHere } from './weights.ts';

/** What run.ts would do, without doing it. */
export async function preflight(session: Session, size: PictureSize, signal: AbortSignal): Promise<Prepared> {
  const { edge, engines, settings } = session;
  const { width, height, channels = 3 } = size;
  const [gpu, card] = await Promise.all([findGpu(), fetchCard(edge.endpoint, settings.model, signal)]);
  assertSize(size, card);
  const surroundings = { gpu: gpu?.kind ?? 'none', wasm: hasWasmSimd(), pixels: width * height } as const;
  const order = engineOrder(settings.engine, surroundings);
  const device = deviceOf(order[0] as EngineName, gpu);
  const names = enginesFor(card, order);
  const failures = engines.refused(card);
  const engine = names.find((name) => !failures.has(name)) ?? (names[0] as EngineName);
  const precision = settings.precision ?? choosePrecision(card, device, connection() ?? {});
  const plan = planFor(card, width, height, deviceOf(engine, gpu));
  return {
    ...{ engine, width, height, model: nameOf(card) },
    engines: explainEngines(settings.engine, surroundings, { card, engine, failures }),
    tiles: plan.tiles.length,
    downloadBytes: await bytesToCome(session, card, engine, precision),
    computedPixels: pixelsToCompute(card, plan, channels),
  };
}

/** With halos, and as often as the model has to look at them. */
export function pixelsToCompute(card: ModelCard, { tile, tiles }: TilePlan, channels: number): number {
  return tile.width * tile.height * tiles.length * passesOver(channels < 3 ? 1 : 3, card).length;
}

async function bytesToCome(
  { files }: Session,
  card: ModelCard,
  engine: EngineName | 'filter',
  precision: Precision,
): Promise<number> {
  if (card.family === 'filter' || engine === 'edge') return 0;
  const golden = isSelfTested(engine, card) ? goldenFiles(card, precision) : [];
  const loaded = files.has(`${nameOf(card)} ${precision}`) ? [] : filesToRun(card, precision);
  let bytes = 0;
  for (const file of [...loaded, ...golden]) if (!(await isHere(file))) bytes += file.bytes;
  return bytes;
}

/** Of the last picture; before the first, of one that is too large for the edge. */
export async function explain({ explanation, engines, settings }: Session): Promise<Explanation> {
  if (explanation) return explanation;
  const gpu = await findGpu();
  const surroundings = { gpu: gpu?.kind ?? 'none', wasm: hasWasmSimd(), pixels: Number.POSITIVE_INFINITY } as const;
  let engine: EngineName | undefined;
  try {
    [engine] = engineOrder(settings.engine, surroundings);
  } catch (failure) {
    console.debug('degrain: no engine', failure);
  }
  const { failures } = engines;
  return { engine, engines: explainEngines(settings.engine, surroundings, { card: undefined, failures, engine }) };
}
