import { createTestHarness, type TestHarness } from 'wrangler';
import { builtWorker, root } from '../paths.ts';
import { startNodeEdge } from '../selfhost/server.ts';

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
  /** wrangler's harness itself: bindings, storage of Durable Objects, scheduled events. There is none on Node. */
  harness: TestHarness;
  /** What a site's ledger has in its storage; nothing where there is no such site. */
  rows(site: string, statement: string): Promise<unknown[]>;
  /** What a site's ledger has in memory goes. */
  forget(site: string): Promise<void>;
  /** Lines that were logged since `clearLogs`. */
  logs(): string[];
  clearLogs(): void;
  close(): Promise<void>;
}

/** The tests of the `selfhost` project run against the Node server: the app is the same. */
export const onNode = process.env.DEGRAIN_TEST_SERVER === 'node';

/** Starts the production build of the whole edge, with empty storage and the local keys. */
export const startEdge = onNode ? startNodeEdge : startWorkerd;

export async function startWorkerd({
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
  return edgeOf(harness, url);
}

/** For tests that start wrangler's harness in their own way. */
export function edgeOf(harness: TestHarness, url: URL): Edge {
  return {
    url,
    fetch: harness.fetch,
    harness,
    async rows(site, statement) {
      const storage = await harness.getWorker().getDurableObjectStorage('SITES', { name: site });
      return (await storage.exec(statement)) as unknown[];
    },
    forget: (site) => harness.getWorker().evictDurableObject('SITES', { name: site }),
    logs: () => harness.getLogs().map(({ message }) => String(message)),
    clearLogs: () => harness.clearLogs(),
    close: () => harness.close(),
  };
}
