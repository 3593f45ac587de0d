import { expectThat } from './errors.ts';

/** An image as files hold it: `data` is [H,W,C] interleaved, C = grey, grey+alpha, RGB or RGBA, 8 or 16 bits each. */
export interface RasterImage {
  readonly data: Uint8Array | Uint8ClampedArray | Uint16Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
  readonly depth: 8 | 16;
}

/** An image as networks and metrics see it: [H,W,C] interleaved, 0..1, coded as in the file (sRGB, not linear). */
export interface FloatImage {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

/** The alpha channel of a raster image: [H,W], full at 2^depth - 1. */
export type AlphaPlane = Uint8Array | Uint16Array;

const highest = (depth: 8 | 16) => (depth === 8 ? 255 : 65535);

/** @throws DegrainError `bad-request` where sizes and data don't agree. */
export function assertRaster(image: RasterImage): void {
  const { width, height, channels, depth, data } = image;
  expectThat(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0, () => ({
    expected: 'a width and height in whole pixels, 1 or more',
    received: `${width} x ${height}`,
    remedy: 'Give the size of the decoded image.',
  }));
  expectThat([1, 2, 3, 4].includes(channels) && (depth === 8 || depth === 16), () => ({
    expected: '1 to 4 channels of 8 or 16 bits',
    received: `${channels} channels of ${depth} bits`,
    remedy: 'Convert the image to grey, RGB or RGBA.',
  }));
  const fits =
    depth === 16 ? data instanceof Uint16Array : data instanceof Uint8Array || data instanceof Uint8ClampedArray;
  expectThat(fits, () => ({
    expected: `${depth === 16 ? 'a Uint16Array' : 'a Uint8Array'} for ${depth} bits`,
    received: data?.constructor?.name ?? String(data),
    remedy: 'Set `depth` to the size of the samples.',
  }));
  expectThat(data.length === width * height * channels, () => ({
    expected: `${width * height * channels} samples for ${width} x ${height} x ${channels}`,
    received: String(data.length),
    remedy: 'Check width, height and channels against the data.',
  }));
}

/** Colour as floats in 0..1, and alpha as it is. */
export function fromRaster(image: RasterImage): { colour: FloatImage; alpha: AlphaPlane | undefined } {
  assertRaster(image);
  const { width, height, channels, depth, data } = image;
  const pixels = width * height;
  const colours = channels < 3 ? 1 : 3;
  const scale = 1 / highest(depth);
  const colour = new Float32Array(pixels * colours);
  const hasAlpha = channels === 2 || channels === 4;
  const alpha = hasAlpha ? (depth === 8 ? new Uint8Array(pixels) : new Uint16Array(pixels)) : undefined;
  for (let pixel = 0, from = 0, to = 0; pixel < pixels; pixel++, from += channels) {
    for (let c = 0; c < colours; c++) colour[to++] = (data[from + c] as number) * scale;
    if (alpha) alpha[pixel] = data[from + colours] as number;
  }
  return { colour: { data: colour, width, height, channels: colours }, alpha };
}

/** Rounds and clips to `depth` bits, and puts alpha back. */
export function toRaster(colour: FloatImage, alpha: AlphaPlane | undefined, depth: 8 | 16): RasterImage {
  const { width, height, channels: colours, data } = colour;
  const channels = (colours + (alpha ? 1 : 0)) as RasterImage['channels'];
  const pixels = width * height;
  const top = highest(depth);
  const out = depth === 8 ? new Uint8Array(pixels * channels) : new Uint16Array(pixels * channels);
  for (let pixel = 0, from = 0, to = 0; pixel < pixels; pixel++) {
    for (let c = 0; c < colours; c++) out[to++] = quantise(data[from++] as number, top);
    if (alpha) out[to++] = alpha[pixel] as number;
  }
  return { data: out, width, height, channels, depth };
}

function quantise(value: number, top: number): number {
  const scaled = value * top + 0.5;
  // a NaN compares false both ways and ends as 0: never as a random bit pattern
  return scaled >= top + 1 ? top : scaled > 0 ? Math.floor(Math.min(scaled, top + 0.5)) : 0;
}

/**
 * Colours under fully transparent pixels are arbitrary, often black, and a network would let them bleed over the edge
 * of what is visible. They are replaced by the average of the visible colours nearest to them (pull-push: averages
 * over ever larger squares until one holds a visible pixel). Returns the same image if nothing is transparent.
 */
export function fillTransparent(colour: FloatImage, alpha: AlphaPlane): FloatImage {
  if (!alpha.includes(0)) return colour;
  const { width, height, channels } = colour;
  const weights = Float32Array.from(alpha, (value) => (value > 0 ? 1 : 0));
  const filled = fillFromCoarser(colour.data, weights, width, height, channels);
  return { ...colour, data: filled };
}

function fillFromCoarser(
  data: Float32Array,
  weights: Float32Array,
  width: number,
  height: number,
  channels: number,
): Float32Array {
  if (width === 1 && height === 1) return data;
  const halfWidth = (width + 1) >> 1;
  const halfHeight = (height + 1) >> 1;
  const sums = new Float32Array(halfWidth * halfHeight * channels);
  const counts = new Float32Array(halfWidth * halfHeight);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      const weight = weights[pixel] as number;
      if (weight === 0) continue;
      const half = (y >> 1) * halfWidth + (x >> 1);
      counts[half] = (counts[half] as number) + weight;
      for (let c = 0; c < channels; c++) {
        sums[half * channels + c] =
          (sums[half * channels + c] as number) + weight * (data[pixel * channels + c] as number);
      }
    }
  }
  const covered = new Float32Array(counts.length);
  for (let half = 0; half < counts.length; half++) {
    const count = counts[half] as number;
    if (count === 0) continue;
    covered[half] = 1;
    for (let c = 0; c < channels; c++) sums[half * channels + c] = (sums[half * channels + c] as number) / count;
  }
  const coarse = covered.includes(0) ? fillFromCoarser(sums, covered, halfWidth, halfHeight, channels) : sums;
  const filled = data.slice();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      if ((weights[pixel] as number) > 0) continue;
      const half = (y >> 1) * halfWidth + (x >> 1);
      for (let c = 0; c < channels; c++) filled[pixel * channels + c] = coarse[half * channels + c] as number;
    }
  }
  return filled;
}
