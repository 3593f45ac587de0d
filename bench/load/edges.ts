import { createTestHarness, unstable_readConfig } from 'wrangler';
import { build } from '../../scripts/build.ts';
import { buildWorker } from '../../test/global-setup.ts';
import { root } from '../../test/paths.ts';
import { startEdge } from '../../test/worker/harness.ts';
import { writeConfig } from './workerd.ts';

export interface Edges {
  readonly hello: { url: URL };
  readonly json: { url: URL };
  readonly degrain: { url: URL };
  stop(): Promise<void>;
}

/** degrain and two tiny workers, each as wrangler runs it locally: with the same assets, and their router in front. */
export async function startEdges(): Promise<Edges> {
  await build();
  await buildWorker();
  const [hello, json] = [await serve('hello'), await serve('json')];
  const degrain = await startEdge();
  const stop = async () => {
    for (const each of [hello, json, degrain]) await each.close();
  };
  return { hello, json, degrain, stop };
}

async function serve(name: 'hello' | 'json') {
  const { assets } = unstable_readConfig({ config: `${root}wrangler.toml` });
  const entry = `${root}bench/load/workers/${name}.ts`;
  const configPath = await writeConfig(`served-${name}`, entry, { assets: { ...assets, directory: `${root}dist` } });
  const harness = createTestHarness({ root, workers: [{ configPath }] });
  const { url } = await harness.listen();
  return { url, close: () => harness.close() };
}
