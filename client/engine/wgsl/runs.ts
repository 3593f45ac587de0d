import type { PictureWork, TileEngine } from '../../../models/engine.ts';
import { assertFits } from '../layers/fits.ts';
import { gmacsPerPixel, type Network, sizeMultiple } from '../layers/network.ts';
import type { DeviceWatch } from '../watch-device.ts';
import type { Pace } from './pace.ts';
import { type Answering, openPicture, uploadPicture } from './picture.ts';
import { buildPictureKernels, type PictureKernels } from './picture-kernels.ts';
import { testPictures } from './picture-test.ts';
import type { Program } from './program.ts';
import { runWindow } from './run.ts';
import { IN_FLIGHT, SharedTile } from './shared-tile.ts';
import { createTile } from './tile.ts';

/** What an engine answers with: windows of floats, and whole pictures. */
export interface Runs extends Required<Pick<TileEngine, 'run' | 'takePicture' | 'inFlight'>> {
  destroy(): void;
}

export function createRuns(device: GPUDevice, watch: DeviceWatch, program: Program, pace: Pace): Runs {
  const { network } = program;
  const shared = new SharedTile((height, width) => createTile(device, program, height, width));
  const answering: Answering = (height, width, start, read) =>
    shared.use(height, width, async (tile) => {
      const started = performance.now();
      const { bytes, release } = await watch.guard(async () => start(tile(), pace.submissionGmacs));
      pace.note(gmacsPerPixel(network) * height * width, started, performance.now());
      const result = read(bytes);
      release();
      return result;
    });
  const compiling = buildPictureKernels(device).catch((failure) => {
    console.debug('degrain: windows are cut in JavaScript', failure);
    return undefined;
  });
  const run: Runs['run'] = async (input, height, width) => {
    assertFits(input, height, width, network);
    return answering(
      height,
      width,
      (tile, mostGmacs) => runWindow(device, tile, input, mostGmacs),
      (bytes) => new Float32Array(bytes).slice(),
    );
  };
  const takeWith = async (kernels: PictureKernels, work: PictureWork) => {
    const samples = await watch.guard(() => uploadPicture(device, work.noisy));
    return samples && openPicture(device, samples, kernels, work, answering);
  };
  /** None where they do not compile, or compute wrongly. */
  const testedKernels = async () => {
    const kernels = await compiling;
    if (!kernels || (await testPictures(network, run, (work) => takeWith(kernels, work)))) return kernels;
    console.debug('degrain: windows are cut in JavaScript, for this GPU does it wrongly');
    return undefined;
  };
  let tested: ReturnType<typeof testedKernels> | undefined;
  return {
    inFlight: IN_FLIGHT,
    run,
    async takePicture(work) {
      if (!takes(network, work)) return undefined;
      tested ??= testedKernels();
      const kernels = await tested;
      return kernels && takeWith(kernels, work);
    },
    destroy: () => shared.destroy(),
  };
}

/** Whether its windows are what the network takes: others are refused in `run`. */
function takes({ imageChannels, layers }: Network, { plan, channels, sigma }: PictureWork): boolean {
  const multiple = sizeMultiple(layers);
  const isWhole = plan.tile.width % multiple === 0 && plan.tile.height % multiple === 0;
  const depth = channels.length + (sigma === undefined ? 0 : 1);
  return isWhole && depth === imageChannels && channels.length === layers.at(-1)?.outputChannels;
}
