import { type CardFile, filesToRun, type ModelCard, type NetworkCard, precisionOf } from '../../models/card.ts';
import type { GraphJson, ModelFiles } from '../../models/engine.ts';
import { DegrainError } from '../../models/errors.ts';
import type { Env } from '../env.ts';
import { assetPath } from '../published.ts';

/** Reads a model from the static assets and checks every byte against the card. @throws DegrainError `integrity` */
export async function readModel(assets: Env['ASSETS'], card: NetworkCard): Promise<ModelFiles> {
  // The weights stay within the data centre, so there is no download to save by rounding them to 8 bits.
  const precision = precisionOf(card, 'f16');
  const files = filesToRun(card, precision);
  const contents = await Promise.all(files.map((file) => readVerified(assets, card, file)));
  const graph = contents[files.findIndex(({ role }) => role === 'graph')] as Uint8Array;
  const shards = contents.filter((_, i) => files[i]?.role !== 'graph');
  const weights = new Uint8Array(await new Blob(shards).arrayBuffer());
  return { card, graph: JSON.parse(new TextDecoder().decode(graph)) as GraphJson, weights, precision };
}

async function readVerified(assets: Env['ASSETS'], card: ModelCard, file: CardFile): Promise<Uint8Array<ArrayBuffer>> {
  // The binding looks at the path only; a request has to name some host.
  const response = await assets.fetch(new URL(assetPath(card, file), 'https://assets'));
  if (!response.ok) throw integrity(card, file, `status ${response.status}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (sha256 !== file.sha256) throw integrity(card, file, sha256);
  return bytes;
}

function integrity(card: ModelCard, file: CardFile, received: string): DegrainError {
  return new DegrainError('integrity', {
    expected: `${file.name} of ${card.id}@${card.version} with SHA-256 ${file.sha256}`,
    received,
    remedy: 'Deploy worker and files of one build together.',
  });
}
