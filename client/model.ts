import {
  type CardFile,
  filesToRun,
  type ModelCard,
  type NetworkCard,
  type Precision,
  precisionOf,
} from '../models/card.ts';
import type { GraphJson, ModelFiles } from '../models/engine.ts';
import { DegrainError } from '../models/errors.ts';
import { fetchCard, nameOf, remoteFile } from './cards.ts';
import type { PlanReply } from './edge/plans.ts';
import { type FetchOptions, fetchVerified, type RemoteFile } from './weights.ts';

/** A card, and where its files are. */
export interface PublishedModel {
  readonly card: ModelCard;
  remote(file: CardFile): RemoteFile;
}

/** The model of a plan: its card, and its files at the addresses and with the hashes that the plan names. */
export async function findModel(endpoint: string, { model }: PlanReply, signal: AbortSignal): Promise<PublishedModel> {
  const card = await fetchCard(endpoint, nameOf(model), signal, model.card);
  return {
    card,
    // the golden windows are in no plan
    remote: (file) => model.files.find(({ name }) => name === file.name) ?? remoteFile(endpoint, card, file),
  };
}

/** Graph and weights, verified. `onProgress` counts bytes. */
export async function fetchModel(
  card: NetworkCard,
  remote: PublishedModel['remote'],
  asked: Precision,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): Promise<ModelFiles> {
  const precision = precisionOf(card, asked);
  const files = filesToRun(card, precision);
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  let done = 0;
  const options: FetchOptions = {
    signal,
    onBytes: (bytes) => {
      done += bytes;
      onProgress(done, total);
    },
  };
  const parts = await Promise.all(files.map((file) => fetchVerified(remote(file), options)));
  const isGraph = (_: unknown, i: number) => files[i]?.role === 'graph';
  const graph = parts.find(isGraph);
  if (!graph) throw incomplete(card);
  const weights = new Uint8Array(await new Blob(parts.filter((part) => part !== graph)).arrayBuffer());
  return { card, graph: JSON.parse(new TextDecoder().decode(graph)) as GraphJson, weights, precision };
}

function incomplete(card: ModelCard): DegrainError {
  return new DegrainError('invalid-model', {
    expected: 'a graph among the files of the card',
    received: `${card.id}@${card.version} without one`,
    remedy: 'Publish the model again.',
  });
}
