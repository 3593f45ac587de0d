import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { unstable_readConfig } from 'wrangler';
import { type Bindings, boundBindings, declaredBindings, disagreements } from '../../scripts/deploy/bindings.ts';
import { gzipBytes, partsOf } from '../../scripts/deploy/size.ts';
import { root } from '../paths.ts';

const SOURCE = `
/** What wrangler.toml binds. */
export interface Env {
  ASSETS: Fetcher;
  SITES: DurableObjectNamespace<SiteLedger>;
  /** A sentence: with a colon. */
  MODELS?: R2Bucket;
  LIMIT: number;
  TOKEN?: string;
}
`;

const CONFIG: Bindings = {
  assets: { binding: 'ASSETS' },
  durable_objects: { bindings: [{ name: 'SITES' }] },
  vars: { LIMIT: 1 },
};

const check = (config: Bindings) => disagreements(declaredBindings(SOURCE), boundBindings(config));

test('code and configuration agree without what is optional, and with it', () => {
  expect(check(CONFIG)).toEqual([]);
  expect(check({ ...CONFIG, r2_buckets: [{ binding: 'MODELS' }] })).toEqual([]);
});

test('a binding that the code needs and nobody binds', () => {
  expect(check({ ...CONFIG, durable_objects: { bindings: [] } })).toEqual([
    'worker/env.ts declares SITES: DurableObjectNamespace, and wrangler.toml binds nothing to it.',
  ]);
});

test('a binding that the code does not know', () => {
  expect(check({ ...CONFIG, d1_databases: [{ binding: 'OLD' }] })).toEqual([
    'wrangler.toml binds OLD (D1Database), which worker/env.ts does not declare.',
  ]);
});

test('a binding of another type than the code takes it for', () => {
  expect(check({ ...CONFIG, vars: { LIMIT: '1' } })).toEqual([
    'worker/env.ts declares LIMIT: number, and wrangler.toml binds a string to it.',
  ]);
});

test('every kind of binding is seen', () => {
  const all: Bindings = {
    queues: { producers: [{ binding: 'A' }] },
    kv_namespaces: [{ binding: 'B' }],
    analytics_engine_datasets: [{ binding: 'C' }],
    ratelimits: [{ name: 'D' }],
  };
  expect(Object.fromEntries(boundBindings(all))).toEqual({
    A: 'Queue',
    B: 'KVNamespace',
    C: 'AnalyticsEngineDataset',
    D: 'RateLimit',
  });
});

test('a file without the interface is an error', () => {
  expect(() => declaredBindings('export type Env = {};')).toThrow('worker/env.ts');
});

test('wrangler.toml binds what worker/env.ts declares', async () => {
  const declared = declaredBindings(await readFile(`${root}worker/env.ts`, 'utf8'));
  expect(declared.get('ASSETS')).toEqual({ type: 'Fetcher', optional: false });
  const config = unstable_readConfig({ config: `${root}wrangler.toml` }) as Bindings;
  expect(disagreements(declared, boundBindings(config))).toEqual([]);
});

test('parts are packages, the innermost where they nest, and folders of ours; the largest first', () => {
  const inputs = Object.fromEntries(
    Object.entries({
      'node_modules/@scope/name/dist/a.js': 5,
      'node_modules/@scope/name/node_modules/inner/b.js': 7,
      '../node_modules/@scope/name/c.js': 6,
      'worker/png/guard.ts': 2,
      'worker/png/codec.ts': 1,
      'worker/app.ts': 4,
    }).map(([path, bytesInOutput]) => [path, { bytesInOutput }]),
  );
  expect(partsOf({ outputs: { 'index.js': { inputs }, 'index.js.map': { inputs: {} } } })).toEqual([
    { name: '@scope/name', bytes: 11 },
    { name: 'inner', bytes: 7 },
    { name: 'worker', bytes: 4 },
    { name: 'worker/png', bytes: 3 },
  ]);
});

test('the size is that of all modules, compressed', () => {
  const noise = randomBytes(10_000);
  expect(gzipBytes([noise])).toBeGreaterThan(10_000);
  expect(gzipBytes([noise, noise])).toBeLessThan(11_000);
  expect(gzipBytes([new Uint8Array(10_000), noise])).toBeGreaterThan(10_000);
});
