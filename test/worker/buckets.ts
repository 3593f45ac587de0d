import { readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { type CardFile, filesToRun, type ModelCard } from '../../models/card.ts';
import { findCard } from '../../models/catalog.ts';
import { root, stateFolder } from '../paths.ts';
import { type Edge, startEdge } from './harness.ts';

/** wrangler.toml as its own comment says that an operator changes it, to serve published files from R2. */
async function withBucket(): Promise<string> {
  const text = await readFile(`${root}wrangler.toml`, 'utf8');
  const config = text
    .replace(/^# (\[\[r2_buckets\]\]|binding = "MODELS"|bucket_name = .*)$/gm, '$1')
    .replace(/^run_worker_first = \[/m, 'run_worker_first = ["/models/*", ')
    // paths are relative to the file
    .replace(/^(directory|main|migrations_dir) = "/gm, '$1 = "../');
  // test files run side by side
  const name = `wrangler-r2-${process.env.VITEST_POOL_ID}.toml`;
  await mkdir(stateFolder, { recursive: true });
  await writeFile(stateFolder + name, config);
  return `.local/${name}`;
}

/** What the tests ask for: weights of a few hundred kilobytes. */
const MODEL = findCard('pca-mnist') as ModelCard;
export const [GRAPH, WEIGHTS] = filesToRun(MODEL, 'q8') as [CardFile, CardFile];

export const published = (name: string) => readFileSync(`${root}models/published/${MODEL.id}/${MODEL.version}/${name}`);
export const pathOf = (name: string) => `/models/${MODEL.id}/${MODEL.version}/${name}`;

/** An edge with a bucket that holds the weights of `MODEL` and nothing else. */
export async function startEdgeWithBucket(): Promise<Edge & { bucket: R2Like }> {
  const edge = await startEdge({ config: await withBucket() });
  const { MODELS } = await edge.harness.getWorker<{ MODELS: R2Like }>().getEnv();
  await MODELS.put(pathOf(WEIGHTS.name).slice(1), published(WEIGHTS.name));
  return { ...edge, bucket: MODELS };
}

/** What the tests use of a bucket. */
export interface R2Like {
  put(key: string, bytes: Uint8Array): Promise<unknown>;
  delete(key: string): Promise<void>;
}
