import type { Preflight } from './contract.ts';
import type { Finished } from './protocol.ts';

/** What tiles took on this device, by model and engine: ms, and megapixels computed, halos included. */
type Speeds = Record<string, { ms: number; megapixels: number }>;

const NAME = 'degrain-speed';
/** Of what was before, with each picture: a browser that was busy is soon forgotten, a tiny picture says little. */
const FADING = 0.5;

/** Where a page may not keep anything, as long as it is open. */
let inMemory: Speeds = {};

const keyOf = (model: string, engine: string) => `${model} ${engine}`;

export function rememberSpeed({ model, engine, computedPixels, timings }: Finished): void {
  if (computedPixels === 0) return;
  const megapixels = computedPixels / 1e6;
  const key = keyOf(model, engine);
  const speeds = load();
  const before = speeds[key] ?? { ms: 0, megapixels: 0 };
  inMemory = {
    ...speeds,
    [key]: { ms: before.ms * FADING + timings.tiles, megapixels: before.megapixels * FADING + megapixels },
  };
  try {
    localStorage.setItem(NAME, JSON.stringify(inMemory));
  } catch (reason) {
    console.debug('degrain: speeds are kept in memory only', reason);
  }
}

/** ms for the tiles, where this model and engine have run here before. */
export function predictedTime(model: string, engine: Preflight['engine'], pixels: number): number | undefined {
  const known = load()[keyOf(model, engine)];
  return known ? (known.ms / known.megapixels) * (pixels / 1e6) : undefined;
}

function load(): Speeds {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(NAME) ?? 'null');
    return isSpeeds(kept) ? kept : inMemory;
  } catch {
    return inMemory;
  }
}

const isSpeeds = (value: unknown): value is Speeds =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((speed) => speed?.ms >= 0 && speed?.megapixels > 0);
