import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { chromiumFolder } from './test/browser/unpack.ts';

// wrangler reports usage and fetches a sample of request metadata unless told not to; neither belongs in a test.
const env = { WRANGLER_SEND_METRICS: 'false', CLOUDFLARE_CF_FETCH_ENABLED: 'false', WRANGLER_LOG: 'warn' };

/** Dawn, WebGPU for Node, on the browser's Vulkan loader and SwiftShader. The loader's path is read as processes start. */
const softwareGpu = { LD_LIBRARY_PATH: chromiumFolder, VK_ICD_FILENAMES: `${chromiumFolder}/vk_swiftshader_icd.json` };

const seconds = 1000;

/** Files at a time. vitest leaves a core free, of two one: but most tests wait for a browser or a worker half of the time. */
const maxWorkers = Math.max(2, availableParallelism() - 1);

/** What the edge's tests ask over HTTP, the Node server is asked too. */
const sameOnNode = [
  ...['auth', 'bodies', 'denoise', 'denoise-jpeg', 'headers', 'health', 'hostile', 'log', 'models'],
  ...['openapi', 'plans', 'quota', 'sites', 'sites-cli', 'usage'],
].map((name) => `test/worker/${name}.test.ts`);

/** What runs alone in the browser: WebGPU on the processor takes every core it finds, and tasks that are timed want one. */
const alone = ['chromium', 'faults', 'firefox', 'golden', 'main-thread', 'preflight', 'webgpu'].map(
  (name) => `test/browser/${name}.test.ts`,
);

export default defineConfig({
  test: {
    globalSetup: 'test/global-setup.ts',
    projects: [
      {
        test: {
          name: 'unit',
          maxWorkers,
          include: ['test/**/*.test.ts'],
          exclude: ['test/worker/**', 'test/selfhost/**', 'test/browser/**', 'test/gpu/**'],
          testTimeout: 20 * seconds,
        },
      },
      {
        test: {
          name: 'gpu',
          include: ['test/gpu/**/*.test.ts'],
          env: softwareGpu,
          testTimeout: 60 * seconds,
          // Each of its runs takes every core it finds.
          fileParallelism: false,
          sequence: { groupOrder: 4 },
        },
      },
      {
        test: {
          name: 'worker',
          maxWorkers,
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
          maxWorkers,
          include: ['test/selfhost/**/*.test.ts', ...sameOnNode],
          env: { ...env, DEGRAIN_TEST_SERVER: 'node' },
          testTimeout: 30 * seconds,
          hookTimeout: 60 * seconds,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'pages',
          maxWorkers,
          include: ['test/browser/**/*.test.ts'],
          exclude: alone,
          env,
          testTimeout: 120 * seconds,
          hookTimeout: 120 * seconds,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          name: 'browser',
          include: alone,
          env,
          testTimeout: 120 * seconds,
          hookTimeout: 120 * seconds,
          fileParallelism: false,
          sequence: { groupOrder: 5 },
        },
      },
    ],
  },
});
