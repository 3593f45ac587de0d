import type { ModelCard } from './card.ts';
import { RESIDUAL_STEPS, type Residual, type TileImage } from './residual.ts';
import type { Rectangle, TilePlan } from './tiles.ts';
import { windowOrigin } from './tiles.ts';

/** The pixel that stands for one beyond the end: mirrored, the border pixel itself not repeated. */
export function reflect(position: number, side: number): number {
  if (side === 1) return 0;
  const period = 2 * (side - 1);
  const folded = ((position % period) + period) % period;
  return folded < side ? folded : period - folded;
}

/**
 * How often an engine has to run over a tile, and which of the image's channels it is given each time. Filters take
 * images as they are. A network for colour gets grey three times over; one for grey gets colours one after the other.
 */
export function passesOver(channels: TileImage['channels'], card: ModelCard): readonly (readonly number[])[] {
  if (card.family === 'filter' || card.channels.input === channels) return [channels === 1 ? [0] : [0, 1, 2]];
  return channels === 1 ? [[0, 0, 0]] : [[0], [1], [2]];
}

/**
 * A part's window as network input, [1,H,W,C]: the image's `channels`, then the noise map, sigma / 255, unless sigma is
 * undefined. Beyond the image, where its sides are no multiple of the network's, pixels are mirrored.
 */
export function cutWindow(
  image: TileImage,
  plan: TilePlan,
  part: Rectangle,
  channels: readonly number[],
  sigma: number | undefined,
): Float32Array {
  const origin = windowOrigin(plan, part);
  const { width, height } = plan.tile;
  const { data, step = image.channels, scale = 1 } = image;
  const depth = channels.length + (sigma === undefined ? 0 : 1);
  const input = new Float32Array(width * height * depth);
  const map = (sigma ?? 0) / 255;
  for (let y = 0, to = 0; y < height; y++) {
    const row = reflect(origin.y + y, image.height) * image.width;
    for (let x = 0; x < width; x++) {
      const from = (row + reflect(origin.x + x, image.width)) * step;
      for (let c = 0; c < channels.length; c++) input[to++] = (data[from + (channels[c] as number)] as number) * scale;
      if (sigma !== undefined) input[to++] = map;
    }
  }
  return input;
}

/**
 * Writes noisy - denoised for the part that a window answers for, from the engine's output [1,H,W,channels], into the
 * image's residual [H,W,C]. Of several outputs for one channel (grey in a network for colour) the mean counts. Returns
 * false if a value was missing or no finite number.
 */
export function writeResidual(
  output: Float32Array,
  plan: TilePlan,
  part: Rectangle,
  channels: readonly number[],
  noisy: TileImage,
  residual: Residual,
): boolean {
  const { data, step = noisy.channels, scale = 1 } = noisy;
  const inSteps = residual instanceof Int16Array;
  const origin = windowOrigin(plan, part);
  const depth = channels.length;
  const averaged = depth > noisy.channels;
  let sum = 0;
  for (let y = part.y; y < part.y + part.height; y++) {
    let from = ((y - origin.y) * plan.tile.width + part.x - origin.x) * depth;
    let pixel = y * noisy.width + part.x;
    for (let x = 0; x < part.width; x++, pixel++) {
      let mean = 0;
      for (let c = 0; c < depth; c++) {
        const value = output[from++] as number;
        const channel = channels[c] as number;
        mean += value / depth;
        const removed = (data[pixel * step + channel] as number) * scale - (averaged ? mean : value);
        residual[pixel * noisy.channels + channel] = inSteps ? toSteps(removed) : removed;
      }
      sum += mean;
    }
  }
  return Number.isFinite(sum);
}

function toSteps(value: number): number {
  return Math.round(Math.max(-1, Math.min(1, value)) * RESIDUAL_STEPS);
}
