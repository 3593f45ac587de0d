import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { build } from '../scripts/build.ts';
import { installChromium } from './browser/install.ts';
import { buildProbe } from './browser/probe/build.ts';
import { builtWorker, root } from './paths.ts';

/** The worker as it would be uploaded, into `.local/`. */
export async function buildWorker(): Promise<void> {
  const wrangler = `${root}node_modules/wrangler/bin/wrangler.js`;
  await promisify(execFile)(process.execPath, [wrangler, 'deploy', '--dry-run', '--outdir', builtWorker], {
    cwd: root,
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
  });
}

/** Once per run, before any test file: the production build, and the browser, for the projects that want them. */
export default async function setup({ vitest }: TestProject): Promise<void> {
  const projects = new Set(vitest.projects.map((project) => project.name));
  if (['browser', 'pages', 'gpu'].some((name) => projects.has(name))) await installChromium();
  if (['browser', 'pages'].some((name) => projects.has(name))) await buildProbe();
  if (['browser', 'pages', 'worker', 'selfhost'].some((name) => projects.has(name))) {
    await build();
    await buildWorker();
  }
}
