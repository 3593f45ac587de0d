import { createTestHarness, unstable_readConfig } from 'wrangler';
import { build } from '../../scripts/build.ts';
import { buildWorker } from '../../test/global-setup.ts';
import { root } from '../../test/paths.ts';
import { startEdge } from '../../test/worker/harness.ts';
import { writeConfig } from './workerd.ts';

export interface Edges {
  readonly hello: { url: URL };
  readonly degrain: { url: URL };
  stop(): Promise<void>;
}

/** degrain and hello, each as wrangler runs it locally: with the same static assets, and their router in front. */
export async function startEdges(): Promise<Edges> {
  await build();
  await buildWorker();
  const { assets } = unstable_readConfig({ config: `${root}wrangler.toml` });
  const directory = `${root}dist`;
  const entry = `${root}bench/load/workers/hello.ts`;
  const configPath = await writeConfig('served-hello', entry, { assets: { ...assets, directory } });
  const hello = createTestHarness({ root, workers: [{ configPath }] });
  const { url } = await hello.listen();
  const degrain = await startEdge();
  return {
    hello: { url },
    degrain,
    stop: async () => {
      await hello.close();
      await degrain.close();
    },
  };
}
