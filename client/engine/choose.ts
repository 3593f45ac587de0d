import { DegrainError } from '../../models/errors.ts';
import type { DenoiserOptions, EngineName } from '../contract.ts';

/** What decides the order of engines. */
export interface Surroundings {
  readonly gpu: 'hardware' | 'software' | 'none';
  readonly wasm: boolean;
  /** Pixels of the picture. */
  readonly pixels: number;
}

/** Most pixels that the edge takes by default (EDGE_MAX_PIXELS of its wrangler.toml); it answers 413 above its own. */
export const EDGE_MAX_PIXELS = 65_536;

const NAMES: readonly EngineName[] = ['tfjs-webgpu', 'wasm', 'edge'];

/**
 * The engines to try, the best first. A GPU that is emulated on the processor is slower than wasm: only for those who
 * ask for it. The edge is for tiny pictures, when nothing runs here.
 *
 * @throws DegrainError `engine-unavailable` where none can be tried, `bad-request` for names that are none.
 */
export function engineOrder(
  asked: Required<DenoiserOptions>['engine'],
  { gpu, wasm, pixels }: Surroundings,
): EngineName[] {
  const possible: Record<EngineName, boolean> = {
    'tfjs-webgpu': asked === 'auto' ? gpu === 'hardware' : gpu !== 'none',
    wasm,
    edge: pixels <= EDGE_MAX_PIXELS,
  };
  const wanted = asked === 'auto' ? NAMES : [asked].flat();
  const unknown = wanted.find((name) => !NAMES.includes(name));
  if (unknown !== undefined || wanted.length === 0) {
    throw new DegrainError('bad-request', {
      expected: `engine to be 'auto' or of ${NAMES.join(', ')}`,
      received: String(unknown ?? 'an empty list'),
      remedy: "Leave it out, or give 'auto', and the fastest that works here is taken.",
    });
  }
  const order = wanted.filter((name) => possible[name]);
  if (order.length === 0) {
    throw new DegrainError('engine-unavailable', {
      expected: `one of ${wanted.join(', ')} to be possible here`,
      received: `${gpu === 'none' ? 'no' : `a ${gpu}`} WebGPU adapter, ${wasm ? '' : 'no '}WebAssembly SIMD, ${pixels} pixels`,
      remedy: `Use a current browser and engine: 'auto'; pictures of up to ${EDGE_MAX_PIXELS} pixels can run at the edge.`,
    });
  }
  return order;
}
