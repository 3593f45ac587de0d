import { createTestHarness, type TestHarness } from 'wrangler';
import { builtWorker, root } from '../paths.ts';

export interface EdgeOptions {
  /** Override vars of wrangler.toml. */
  vars?: Record<string, string | number>;
  /** What `wrangler secret put` would set. */
  secrets?: Record<string, string>;
  /** Another configuration than wrangler.toml, relative to the repository. */
  config?: string;
}

export interface Edge {
  /** Address of the running edge: files and worker, as deployed. */
  url: URL;
  /** A relative address is resolved against `url`. */
  fetch: TestHarness['fetch'];
  /** wrangler's harness itself: storage of Durable Objects, logs, scheduled events. */
  harness: TestHarness;
  close(): Promise<void>;
}

/** Starts the production build of the whole edge in workerd, with empty storage and the local keys. */
export async function startEdge({
  vars = {},
  secrets = {},
  config = 'wrangler.toml',
}: EdgeOptions = {}): Promise<Edge> {
  const harness = createTestHarness({
    root,
    workers: [
      {
        configPath: config,
        prebuiltWorkerDir: builtWorker,
        vars: { LOCAL_KEYS: '1', ...vars },
        secrets,
      },
    ],
  });
  const { url } = await harness.listen();
  await harness.getWorker().applyD1Migrations('REPORTS');
  return { url, fetch: harness.fetch, harness, close: () => harness.close() };
}
