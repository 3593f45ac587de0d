import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { root } from '../paths.ts';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one of the tools in cli/ as a user would, with the Node that runs the tests. */
export function run(
  tool: 'denoise' | 'evaluate' | 'sites',
  args: readonly string[],
  cwd: string = root,
  environment: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  const options = { cwd, env: { ...process.env, ...environment } };
  return new Promise((resolve) => {
    execFile(process.execPath, [`${root}cli/${tool}.ts`, ...args], options, (failure, stdout, stderr) => {
      resolve({ code: failure ? Number(failure.code) : 0, stdout, stderr });
    });
  });
}

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'degrain-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}
