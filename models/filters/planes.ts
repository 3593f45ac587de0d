import type { FloatImage } from '../image.ts';

/** One channel of an image: [H,W]. */
export interface Plane {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** [H,W,C] -> C planes [H,W]. */
export function splitPlanes({ data, width, height, channels }: FloatImage): Plane[] {
  return Array.from({ length: channels }, (_, channel) => {
    const plane = new Float32Array(width * height);
    for (let i = 0, from = channel; i < plane.length; i++, from += channels) plane[i] = data[from] as number;
    return { data: plane, width, height };
  });
}

/** C planes [H,W] -> [H,W,C]. */
export function joinPlanes(planes: readonly Plane[]): FloatImage {
  const { width, height } = planes[0] as Plane;
  const channels = planes.length as FloatImage['channels'];
  const data = new Float32Array(width * height * channels);
  for (const [channel, plane] of planes.entries()) {
    for (let i = 0, to = channel; to < data.length; i++, to += channels) data[to] = plane.data[i] as number;
  }
  return { data, width, height, channels };
}

/** Filters each channel on its own. */
export function mapPlanes(image: FloatImage, filter: (plane: Plane) => Plane): FloatImage {
  return joinPlanes(splitPlanes(image).map(filter));
}

/**
 * With `margin` px more on every side, mirrored: [H,W] -> [H + 2m, W + 2m]. The border pixel is repeated (d c b a | a b
 * c d | d c b a): photographs with a line at the border, as some test images have, suffer less than without.
 */
export function mirrorPad({ data, width, height }: Plane, margin: number): Plane {
  const paddedWidth = width + 2 * margin;
  const paddedHeight = height + 2 * margin;
  const padded = new Float32Array(paddedWidth * paddedHeight);
  const columns = Int32Array.from({ length: paddedWidth }, (_, x) => mirror(x - margin, width));
  for (let y = 0, to = 0; y < paddedHeight; y++) {
    const row = mirror(y - margin, height) * width;
    for (let x = 0; x < paddedWidth; x++, to++) padded[to] = data[row + (columns[x] as number)] as number;
  }
  return { data: padded, width: paddedWidth, height: paddedHeight };
}

function mirror(position: number, side: number): number {
  const period = 2 * side;
  const folded = ((position % period) + period) % period;
  return folded < side ? folded : period - 1 - folded;
}

/** The part of a plane whose upper left pixel is at `left`, `top`: [H,W]. */
export function crop(plane: Plane, left: number, top: number, width: number, height: number): Plane {
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (y + top) * plane.width + left;
    data.set(plane.data.subarray(from, from + width), y * width);
  }
  return { data, width, height };
}
