import { isSoftware } from '../../client/engine/gpu.ts';
import type { NetworkCard } from '../../models/card.ts';
import type { Device } from '../../models/limits.ts';
import type { Arm } from './arm.ts';
import { type Found, measure, type Task } from './measure.ts';
import type { MemoryCounter } from './memory.ts';
import { measurePhoto, type PhotoRow } from './photo.ts';
import { measureRoofs, type Roofs } from './roofs.ts';

export interface Request extends Task {
  /** What computes. */
  readonly on: readonly Arm['on'][];
  /** Names of the arms to run; all if none is named. */
  readonly only: readonly string[];
  /** Float16 beside float32, where the GPU has it. */
  readonly f16: boolean;
  /** 1e6 px; no photograph at 0. */
  readonly photo: number;
}

/** What one process or page found. */
export interface Outcome {
  readonly adapter: string;
  readonly found: Found;
  readonly photo: readonly PhotoRow[];
  readonly roofs: Roofs;
}

/** In Node and in a page alike. */
export async function runSession(
  arms: readonly Arm[],
  memory: MemoryCounter,
  card: NetworkCard,
  request: Request,
  findAdapter: () => Promise<GPUAdapter>,
): Promise<Outcome> {
  const adapter = await findAdapter().catch(() => undefined);
  const f16 = request.f16 && adapter?.features.has('shader-f16') === true;
  const { only, photo } = request;
  const chosen = arms.filter(
    ({ name, on, half }) => request.on.includes(on) && (only.length > 0 ? only.includes(name) : f16 || !half),
  );
  const usesGpu = adapter !== undefined && chosen.some(({ on }) => on === 'gpu');
  const roofs = await measureRoofs(usesGpu ? findAdapter : undefined, f16);
  const found = await measure(chosen, memory, request);
  // a whole photograph on an emulated GPU would take hours
  const patient = chosen.filter(
    ({ name, on }) => on === 'wasm' || !isSoftware(adapter?.info ?? {}) || only.includes(name),
  );
  return {
    adapter: adapter ? nameOf(adapter.info) : 'no GPU',
    found,
    photo: photo > 0 ? await measurePhoto(patient, card, photo, adapter ? deviceOf(adapter) : {}) : [],
    roofs,
  };
}

const nameOf = ({ vendor, architecture, description }: GPUAdapterInfo) =>
  [vendor, architecture, description].filter(Boolean).join(' ');

const deviceOf = ({ limits }: GPUAdapter): Device => ({
  backend: 'webgpu',
  maxBufferSize: limits.maxBufferSize,
  maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
});
