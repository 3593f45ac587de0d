import type { FloatImage } from './image.ts';
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
 * A part's window as network input, [1,H,W,4]: RGB (grey is repeated), then the noise map, sigma / 255. Beyond the
 * image, where its sides are no multiple of the network's, pixels are mirrored.
 */
export function cutWindow(image: FloatImage, plan: TilePlan, part: Rectangle, sigma: number): Float32Array {
  const origin = windowOrigin(plan, part);
  const { width, height } = plan.tile;
  const { channels, data } = image;
  const input = new Float32Array(width * height * 4);
  const map = sigma / 255;
  const last = channels - 1;
  for (let y = 0, to = 0; y < height; y++) {
    const row = reflect(origin.y + y, image.height) * image.width;
    for (let x = 0; x < width; x++, to += 4) {
      const from = (row + reflect(origin.x + x, image.width)) * channels;
      input[to] = data[from] as number;
      input[to + 1] = data[from + Math.min(1, last)] as number;
      input[to + 2] = data[from + last] as number;
      input[to + 3] = map;
    }
  }
  return input;
}

/**
 * Writes noisy - denoised for the part that a window answers for, from the network's output [1,H,W,3], into the
 * image's residual [H,W,C]. Grey is the mean of the three. Returns false if a value was missing or no finite number.
 */
export function writeResidual(
  output: Float32Array,
  plan: TilePlan,
  part: Rectangle,
  noisy: FloatImage,
  residual: Float32Array,
): boolean {
  const origin = windowOrigin(plan, part);
  const { channels } = noisy;
  let sum = 0;
  for (let y = part.y; y < part.y + part.height; y++) {
    let from = ((y - origin.y) * plan.tile.width + part.x - origin.x) * 3;
    for (let to = (y * noisy.width + part.x) * channels, x = 0; x < part.width; x++, from += 3, to += channels) {
      const r = output[from] as number;
      const g = output[from + 1] as number;
      const b = output[from + 2] as number;
      sum += r + g + b;
      if (channels === 1) {
        residual[to] = (noisy.data[to] as number) - (r + g + b) / 3;
      } else {
        residual[to] = (noisy.data[to] as number) - r;
        residual[to + 1] = (noisy.data[to + 1] as number) - g;
        residual[to + 2] = (noisy.data[to + 2] as number) - b;
      }
    }
  }
  return Number.isFinite(sum);
}
