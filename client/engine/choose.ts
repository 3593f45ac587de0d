import type { ModelCard } from '../../models/card.ts';
import { DegrainError } from '../../models/errors.ts';
import { runsAtEdge } from '../../models/limits.ts';
import type { DenoiserOptions, EngineName, EngineReason } from '../contract.ts';

/** What decides the order of engines. */
export interface Surroundings {
  readonly gpu: 'hardware' | 'software' | 'none';
  readonly wasm: boolean;
  /** Pixels of the picture. */
  readonly pixels: number;
}

/** Most pixels that the edge takes by default (EDGE_MAX_PIXELS of its wrangler.toml); it answers 413 above its own. */
export const EDGE_MAX_PIXELS = 65_536;

export const NAMES: readonly EngineName[] = ['wgsl', 'tfjs-webgpu', 'wasm', 'edge'];

/** Both run on WebGPU: kernels of our own for what layers/compile.ts knows, and TF.js for every graph. */
export const GPU_ENGINES = ['wgsl', 'tfjs-webgpu'] as const;

export const runsOnGpu = (name: string): boolean => GPU_ENGINES.some((each) => each === name);

/** Whether an engine is believed only after the model's golden windows: all but TF.js on the processor. */
export const isSelfTested = (name: string, card: ModelCard): boolean =>
  card.family !== 'filter' && (runsOnGpu(name) || (name === 'wasm' && card.family !== 'autoencoder'));

export interface Obstacle {
  readonly reason: EngineReason;
  readonly why: string;
}

/** What of the surroundings rules an engine out, before it is tried. */
export function obstacles(
  asked: Required<DenoiserOptions>['engine'],
  { gpu, wasm, pixels }: Surroundings,
): Record<EngineName, Obstacle | undefined> {
  const ofGpu = (): Obstacle | undefined => {
    if (gpu === 'none') return { reason: 'no-webgpu', why: 'no WebGPU adapter in this browser, or for this page' };
    if (gpu === 'hardware' || asked !== 'auto') return undefined;
    return { reason: 'software-gpu', why: 'the GPU is emulated on the processor, which is slower than wasm' };
  };
  const tooLarge = `it takes pictures of at most ${EDGE_MAX_PIXELS} pixels`;
  return {
    wgsl: ofGpu(),
    'tfjs-webgpu': ofGpu(),
    wasm: wasm ? undefined : { reason: 'no-wasm-simd', why: 'no WebAssembly SIMD in this browser' },
    edge: pixels <= EDGE_MAX_PIXELS ? undefined : { reason: 'picture-too-large', why: tooLarge },
  };
}

/** The engines asked for, the best first. @throws DegrainError `bad-request` for names that are none. */
export function wantedEngines(asked: Required<DenoiserOptions>['engine']): readonly EngineName[] {
  const wanted = asked === 'auto' ? NAMES : [asked].flat();
  const unknown = wanted.find((name) => !NAMES.includes(name));
  if (unknown === undefined && wanted.length > 0) return wanted;
  throw new DegrainError('bad-request', {
    expected: `engine to be 'auto' or of ${NAMES.join(', ')}`,
    received: String(unknown ?? 'an empty list'),
    remedy: "Leave it out, or give 'auto', and the fastest that works here is taken.",
  });
}

/**
 * The engines to try, the best first. A GPU that is emulated on the processor is slower than wasm: only for those who
 * ask for it. The edge is for tiny pictures, when nothing runs here.
 *
 * @throws DegrainError `engine-unavailable` where none can be tried, `bad-request` for names that are none.
 */
export function engineOrder(asked: Required<DenoiserOptions>['engine'], surroundings: Surroundings): EngineName[] {
  const wanted = wantedEngines(asked);
  const against = obstacles(asked, surroundings);
  const order = wanted.filter((name) => !against[name]);
  if (order.length > 0) return order;
  throw new DegrainError('engine-unavailable', {
    expected: `one of ${wanted.join(', ')} to be possible here`,
    received: wanted.map((name) => `${name}: ${against[name]?.why}`).join('; '),
    remedy: `Use a current browser and engine: 'auto'; pictures of up to ${EDGE_MAX_PIXELS} pixels can run at the edge.`,
  });
}

/** Filters need no engine, but can run at the edge; the edge runs what is small. */
export function enginesFor(card: ModelCard, order: readonly EngineName[]): readonly (EngineName | 'filter')[] {
  if (card.family === 'filter') return order[0] === 'edge' ? order : ['filter'];
  const here = order.filter((name) => name !== 'edge');
  return runsAtEdge(card) || here.length === 0 ? order : here;
}
