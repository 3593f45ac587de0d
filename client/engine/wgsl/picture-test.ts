import type { PictureWork, TakenPicture, TileEngine } from '../../../models/engine.ts';
import { uniformNoise } from '../../../models/noise/random.ts';
import { RESIDUAL_STEPS } from '../../../models/residual.ts';
import { cutWindow, writeResidual } from '../../../models/windows.ts';
import type { Network } from '../layers/network.ts';
import { sizeMultiple } from '../layers/network.ts';
import { SELF_TEST_TOLERANCE } from '../self-test.ts';

/** px: room for two borders that are mirrored, and two that are not answered for. */
const LEAST_SIDE = 16;

/**
 * Whether pictures come out as windows do, for which the golden ones have vouched. One of 8 bits and one of 16: some
 * GPUs are right on the first run and wrong on the next.
 */
export async function testPictures(
  { imageChannels, layers }: Network,
  run: TileEngine['run'],
  takePicture: (work: PictureWork) => Promise<TakenPicture | undefined>,
): Promise<boolean> {
  const multiple = sizeMultiple(layers);
  const side = Math.ceil(LEAST_SIDE / multiple) * multiple;
  const channels = layers.at(-1)?.outputChannels === 1 ? [0] : [0, 1, 2];
  const [width, height, step] = [side - 3, side - 5, channels.length + 1];
  const part = { x: 2, y: 1, width: width - 2, height: height - 1 };
  const plan = { width, height, tile: { width: side, height: side }, halo: 0, multiple, tiles: [part] };
  const sigma = imageChannels > channels.length ? 25 : undefined;
  for (const Samples of [Uint8Array, Uint16Array]) {
    const top = 2 ** (8 * Samples.BYTES_PER_ELEMENT) - 1;
    const data = Samples.from(uniformNoise(width * height * step, 1).map((value) => value * top));
    const colours = channels.length as 1 | 3;
    const noisy = { data, width, height, channels: colours, step, scale: 1 / top };
    const expected = new Int16Array(width * height * colours);
    const residual = new Int16Array(expected.length);
    const picture = await takePicture({ noisy, plan, channels, sigma });
    // both at a time, for some browsers take long to read
    const [window, isSound] = await Promise.all([
      run(cutWindow(noisy, plan, part, channels, sigma), side, side),
      picture?.run(part, residual),
    ]);
    picture?.release();
    writeResidual(window, plan, part, channels, noisy, expected);
    const most = SELF_TEST_TOLERANCE * RESIDUAL_STEPS;
    if (!isSound || expected.some((value, i) => Math.abs(value - (residual[i] as number)) > most)) return false;
  }
  return true;
}
