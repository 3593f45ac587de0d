import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CardFile, ModelCard, NetworkCard, Precision } from '../models/card.ts';
import { filesToRun, parseCard, precisionOf } from '../models/card.ts';
import type { ModelFiles } from '../models/engine.ts';
import { DegrainError } from '../models/errors.ts';

/** Where the exporter puts models: `<id>/<version>/card.json` and the files that it names. */
const publishedFolder = fileURLToPath(new URL('../models/published/', import.meta.url));

/** A published model's folder and its card. `name` is `fast`, for its newest version, or `fast@1.0.0`. */
export async function findPublished(
  name: string,
  folder = publishedFolder,
): Promise<{ path: string; card: ModelCard }> {
  const [id = '', wanted] = name.split('@');
  const models = await folders(folder);
  const versions = models.includes(id) ? (await folders(join(folder, id))).sort(byVersion) : [];
  const version = wanted ?? versions.at(-1);
  if (version === undefined || !versions.includes(version)) {
    throw new DegrainError('bad-request', {
      expected: `a published model (${models.join(', ')}), or one of its versions as in fast@1.0.0`,
      received: `'${name}'`,
      remedy: 'Leave --model out for the default.',
    });
  }
  const path = join(folder, id, version);
  return { path, card: parseCard(JSON.parse(await readFile(join(path, 'card.json'), 'utf8'))) };
}

/**
 * All that an engine needs, from the disk.
 *
 * @throws DegrainError `integrity` where a file is not the one that the card describes.
 */
export async function loadFiles(path: string, card: NetworkCard, precision: Precision): Promise<ModelFiles> {
  const files = filesToRun(card, precision);
  const read = await Promise.all(files.map((file) => readVerified(path, file)));
  const graphAt = files.findIndex((file) => file.role === 'graph');
  const graph = JSON.parse(new TextDecoder().decode(read[graphAt]));
  const weights = new Uint8Array(Buffer.concat(read.filter((_, i) => i !== graphAt)));
  return { card, graph, weights, precision: precisionOf(card, precision) };
}

async function readVerified(path: string, file: CardFile): Promise<Buffer> {
  const bytes = await readFile(join(path, file.name));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 === file.sha256) return bytes;
  throw new DegrainError('integrity', {
    expected: `${file.name} with the SHA-256 ${file.sha256}`,
    received: `${bytes.length} bytes with ${sha256}`,
    remedy: 'Restore the file from version control: published models never change.',
  });
}

async function folders(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true });
  // an export that is under way has a dot before its name
  return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map((entry) => entry.name);
}

/** Oldest first: 1.10.0 is newer than 1.9.0. */
function byVersion(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
