import type { ModelFiles, TileEngine } from '../../../models/engine.ts';
import type { GoldenCase } from '../../golden.ts';
import { findGpu, isSoftware } from '../gpu.ts';
import { compile } from '../layers/compile.ts';
import { gmacsPerPixel, type Network, sizeMultiple } from '../layers/network.ts';
import type { GpuEngine } from '../watch-device.ts';
import { choiceKey } from './choice-key.ts';
import { choices } from './choices.ts';
import { openWgsl, type WgslEngine } from './engine.ts';
import { type Build, defaultBuild, nameOfBuild } from './kernel.ts';
import { Pace, TELLING_GMACS } from './pace.ts';
import { type Host, type Place, TunedEngine } from './tuned-engine.ts';

/** px: larger windows than that are not run to see how fast a GPU is. */
const MOST_SIDE = 512;

const browser: Host = {
  findAdapter: async () => (await findGpu())?.adapter,
  choices,
  loadTune: async () => (await import('./tune.ts')).tune,
};

/**
 * The engine with the kernels that are remembered as the fastest here. Where nothing is remembered, with the default
 * ones: the first picture waits for nothing, and what is fastest is measured when it is done.
 *
 * @throws DegrainError as `openWgsl` does with the default kernels
 */
export async function openTunedWgsl(
  adapter: GPUAdapter,
  files: ModelFiles,
  golden: readonly GoldenCase[],
  host = browser,
): Promise<GpuEngine> {
  // whoever asks for an emulated GPU by name gets what all GPUs can do
  if (isSoftware(adapter.info)) return openWgsl(adapter, files, golden);
  const network = compile(files);
  const key = await choiceKey(adapter, network, navigator.userAgent);
  const known = await host.choices.recall(key);
  const pace = new Pace();
  pace.rate = known.rate;
  const open = async (adapter: GPUAdapter, build: Build) => openWgsl(adapter, files, golden, build, pace);
  const place: Place = { host, key, network, golden, pace, open };
  const standard = defaultBuild(adapter.info.vendor);
  let engine: WgslEngine | undefined;
  let current = adapter;
  if (known.build && nameOfBuild(known.build) !== nameOfBuild(standard)) {
    try {
      engine = await open(adapter, known.build);
    } catch (failure) {
      console.debug('degrain: the kernels that were chosen here fail', failure);
      await host.choices.keep(key, { ...known, build: standard });
      // an adapter gives one device
      current = (await host.findAdapter()) ?? adapter;
    }
  }
  const build = engine ? (known.build as Build) : standard;
  engine ??= await open(current, standard);
  if (pace.rate === undefined) await measurePace(engine, network);
  return new TunedEngine(place, engine, build, standard);
}

/** A window, so that the first tiles of a slow GPU are small. A fast one takes a few ms. */
async function measurePace(engine: TileEngine, network: Network): Promise<void> {
  const multiple = sizeMultiple(network.layers);
  const side = Math.ceil(Math.sqrt(TELLING_GMACS / gmacsPerPixel(network)) / multiple) * multiple;
  // so small a network is fast everywhere
  if (side > MOST_SIDE) return;
  await engine
    .run(new Float32Array(side * side * network.imageChannels), side, side)
    .catch((failure) => console.debug('degrain: a window that failed; the first tile will tell', failure));
}
