import { filesToRun, type ModelCard } from '../models/card.ts';
import { choosePrecision } from '../models/plan.ts';
import { cardKey, fetchCard, remoteFile } from './cards.ts';
import type { KeptModel } from './contract.ts';
import { connection } from './edge/connection.ts';
import { isSelfTested } from './engine/choose.ts';
import { findGpu, type Gpu } from './engine/gpu.ts';
import { goldenFiles } from './golden.ts';
import { describeKept } from './kept.ts';
import type { Session } from './session.ts';
import { openCache, putOrThrow } from './storage.ts';
import { fetchVerified } from './weights.ts';

/** The worker's half of `keepModel`: everything that denoising with this model takes on this device. */
export async function keep(
  { edge: { endpoint }, settings }: Session,
  reference: string,
  signal: AbortSignal,
  onProgress: (progress: { done: number; total: number }) => void,
): Promise<KeptModel> {
  const card = await fetchCard(endpoint, reference, signal);
  const gpu = await findGpu();
  const precision = settings.precision ?? choosePrecision(card, gpu?.device ?? { backend: 'wasm' }, connection() ?? {});
  const isTested = gpu !== undefined || isSelfTested('wasm', card);
  const files = [...filesToRun(card, precision), ...(isTested ? goldenFiles(card, precision) : [])];
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const onBytes = (bytes: number) => {
    done += bytes;
    onProgress({ done, total });
  };
  for (const file of files) {
    signal.throwIfAborted();
    await fetchVerified(remoteFile(endpoint, card, file), { signal, onBytes, keep: true });
  }
  await loadEngines(card, gpu);
  const key = cardKey(endpoint, `${card.id}/${card.version}`);
  await putOrThrow(await openCache('models'), key, JSON.stringify(card));
  return describeKept(card);
}

/** The code of the engines: from now on it is in the browser's own cache, or in that of the page's service worker. */
async function loadEngines(card: ModelCard, gpu: Gpu | undefined): Promise<void> {
  if (card.family === 'filter') {
    await import('../models/filters/engine.ts');
    return;
  }
  const { loadWasm } = await import('./engine/wasm.ts');
  const onGpu = gpu ? [import('./engine/wgsl/tuned.ts'), import('./engine/webgpu.ts')] : [];
  await Promise.all([loadWasm(card), ...onGpu]);
}
