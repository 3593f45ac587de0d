import './wasm.ts';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { Env } from '../../worker/env.ts';
import { toProblem } from '../../worker/http/problem.ts';
import { denoiseFile } from '../../worker/image/denoise-file.ts';
import type { Job, Outcome } from './messages.ts';

/** Published files, without the server in between. */
const ASSETS = {
  fetch: async ({ pathname }: URL) => new Response(await readFile(join(workerData as string, pathname))),
} as unknown as Env['ASSETS'];

async function work({ card, received, answers, options }: Job): Promise<Outcome> {
  try {
    return { done: await denoiseFile({ ASSETS }, card, received, answers, options) };
  } catch (failure) {
    const { code, parts } = toProblem(failure);
    return { code, parts, cause: failure instanceof Error ? (failure.stack ?? failure.message) : String(failure) };
  }
}

parentPort?.on('message', async (job: Job) => parentPort?.postMessage(await work(job)));
