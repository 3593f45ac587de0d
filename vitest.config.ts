import { defineConfig } from 'vitest/config';

// wrangler reports usage and fetches a sample of request metadata unless told not to; neither belongs in a test.
const env = { WRANGLER_SEND_METRICS: 'false', CLOUDFLARE_CF_FETCH_ENABLED: 'false', WRANGLER_LOG: 'warn' };

const seconds = 1000;

/** What the edge's tests ask over HTTP, the Node server is asked too. */
const sameOnNode = [
  ...['auth', 'bodies', 'denoise', 'denoise-jpeg', 'headers', 'health', 'hostile', 'log', 'models'],
  ...['openapi', 'plans', 'quota', 'sites', 'sites-cli', 'usage'],
].map((name) => `test/worker/${name}.test.ts`);

export default defineConfig({
  test: {
    globalSetup: 'test/global-setup.ts',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/worker/**', 'test/selfhost/**', 'test/browser/**'],
          testTimeout: 20 * seconds,
        },
      },
      {
        test: {
          name: 'worker',
          include: ['test/worker/**/*.test.ts'],
          env,
          testTimeout: 30 * seconds,
          hookTimeout: 60 * seconds,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'selfhost',
          include: ['test/selfhost/**/*.test.ts', ...sameOnNode],
          env: { ...env, DEGRAIN_TEST_SERVER: 'node' },
          testTimeout: 30 * seconds,
          hookTimeout: 60 * seconds,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          env,
          testTimeout: 120 * seconds,
          hookTimeout: 120 * seconds,
          // WebGPU on the processor takes every core it finds.
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
