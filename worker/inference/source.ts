import kernels from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm';
import type { NetworkCard } from '../../models/card.ts';
import type { EngineSource, TileEngine } from '../../models/engine.ts';
import type { Env } from '../env.ts';
import { EDGE_TILE_PIXELS, MOST_OPEN } from '../http/limits.ts';
import { nameOf } from '../published.ts';
import { readModel } from './files.ts';
import { openNetwork } from './network.ts';
import { Tensors } from './tensors.ts';

/** Where weights are read from. */
type Files = Pick<Env, 'ASSETS'>;

/**
 * Open engines of this isolate, by model and version, the one asked for last at the end; an isolate lives for many
 * requests.
 */
const engines = new Map<string, TileEngine>();
let tensors: Tensors | undefined;

/** What the kernels hold, for tests. */
export const tensorCount = () => tensors?.count ?? 0;

/** The edge's own engine. Weights are read and checked on first use, once per isolate. */
export function edgeSource(env: Files, card: NetworkCard): EngineSource {
  return {
    name: 'edge',
    maxTilePixels: EDGE_TILE_PIXELS,
    async open() {
      const { name } = await openOnce(env, card);
      // Requests come and go, the engine stays for the next.
      return { name, run: (...window) => run(env, card, window), dispose: () => undefined };
    },
  };
}

/**
 * Kernels compute a window in one go, so that requests at the same time cannot mix. After a trap wasm's memory is in
 * disorder and all later runs would fail with it: whatever fails, the kernels start afresh, and all engines with them.
 */
async function run(env: Files, card: NetworkCard, window: Parameters<TileEngine['run']>): Promise<Float32Array> {
  const engine = await openOnce(env, card);
  try {
    return await engine.run(...window);
  } catch (failure) {
    // unless another request, which failed with the same engine, has done so already
    if (engines.get(nameOf(card)) === engine) {
      engines.clear();
      tensors = undefined;
    }
    throw failure;
  }
}

/**
 * What is kept is the engine, never the promise of one: a promise belongs to the request that made it, and if that
 * one's client hangs up while weights are read, it stays pending for all others. Two first requests both read, then.
 */
async function openOnce(env: Files, card: NetworkCard): Promise<TileEngine> {
  const name = nameOf(card);
  const found = engines.get(name);
  if (found) return keep(name, found);
  const files = await readModel(env.ASSETS, card);
  const started = tensors ?? (await Tensors.open(kernels));
  tensors ??= started;
  return keep(name, engines.get(name) ?? openNetwork(tensors, files));
}

/** Whoever runs one that is closed here opens it again. */
function keep(name: string, engine: TileEngine): TileEngine {
  engines.delete(name);
  engines.set(name, engine);
  for (const [oldest, { dispose }] of engines) {
    if (engines.size <= MOST_OPEN) break;
    engines.delete(oldest);
    dispose();
  }
  return engine;
}
