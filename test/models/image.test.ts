import { describe, expect, test } from 'vitest';
import { type FloatImage, fillTransparent, fromRaster, type RasterImage, toRaster } from '../../models/image.ts';
import { randomRaster } from './pictures.ts';

const kinds = ([1, 2, 3, 4] as const).flatMap((channels) =>
  ([8, 16] as const).map((depth) => [channels, depth] as const),
);

/** Every value that `depth` bits can have. */
function ramp(depth: 8 | 16): RasterImage {
  const length = 2 ** depth;
  const data = depth === 8 ? new Uint8Array(length) : new Uint16Array(length);
  return { data: data.map((_, i) => i), width: length / 256, height: 256, channels: 1, depth };
}

describe('from files to floats and back', () => {
  test.each(kinds)('%d channels of %d bits come back exactly', (channels, depth) => {
    const image = randomRaster(13, 7, channels, depth);
    const { colour, alpha } = fromRaster(image);
    expect(colour.channels).toBe(channels < 3 ? 1 : 3);
    expect(alpha?.length).toBe(channels % 2 === 0 ? 13 * 7 : undefined);
    expect(toRaster(colour, alpha, depth)).toEqual(image);
  });

  test.each([8, 16] as const)('every value of %d bits does', (depth) => {
    const image = ramp(depth);
    const { colour } = fromRaster(image);
    expect(Math.max(...colour.data.slice(-1))).toBe(1);
    expect(toRaster(colour, undefined, depth).data).toEqual(image.data);
  });

  test('clamped arrays of canvases are taken', () => {
    const image: RasterImage = {
      data: new Uint8ClampedArray([0, 128, 255]),
      width: 1,
      height: 1,
      channels: 3,
      depth: 8,
    };
    expect([...fromRaster(image).colour.data]).toEqual([0, Math.fround(128 / 255), 1]);
  });

  test('values are rounded to the nearest, clipped, and never a random bit pattern', () => {
    const values = [
      -1,
      -0.001,
      0.49 / 255,
      0.51 / 255,
      254.49 / 255,
      254.51 / 255,
      1.5,
      1e30,
      -1e30,
      Infinity,
      -Infinity,
    ];
    const colour = (data: number[]): FloatImage => ({
      data: Float32Array.from(data),
      width: data.length,
      height: 1,
      channels: 1,
    });
    expect([...toRaster(colour(values), undefined, 8).data]).toEqual([0, 0, 0, 1, 254, 255, 255, 255, 0, 255, 0]);
    expect([...toRaster(colour([Number.NaN, 1]), undefined, 8).data]).toEqual([0, 255]);
    expect([...toRaster(colour([Number.NaN, 1, 1e30]), undefined, 16).data]).toEqual([0, 65535, 65535]);
  });
});

describe('images that contradict themselves', () => {
  const good = randomRaster(4, 3, 3);
  test.each<[string, Partial<RasterImage>, RegExp]>([
    ['no width', { width: 0 }, /whole pixels/],
    ['half a pixel', { height: 1.5 }, /whole pixels/],
    ['five channels', { channels: 5 as 4 }, /1 to 4 channels/],
    ['ten bits', { depth: 10 as 8 }, /8 or 16 bits/],
    ['too few samples', { data: good.data.slice(1) }, /36 samples/],
    ['too many samples', { width: 3 }, /27 samples/],
    ['bytes for 16 bits', { depth: 16 }, /a Uint16Array/],
    ['words for 8 bits', { data: new Uint16Array(36) }, /a Uint8Array/],
    [
      'floats',
      { data: new Float32Array(36) as unknown as Uint8Array },
      /a Uint8Array for 8 bits but received Float32Array/,
    ],
    ['no data', { data: undefined as unknown as Uint8Array }, /a Uint8Array for 8 bits but received undefined/],
  ])('%s', (_, change, message) => {
    const call = () => fromRaster({ ...good, ...change });
    expect(call).toThrow(expect.objectContaining({ code: 'bad-request' }));
    expect(call).toThrow(message);
  });
});

describe('colours under transparent pixels', () => {
  test('stay as they are where nothing is transparent', () => {
    const { colour, alpha } = fromRaster({ ...randomRaster(5, 5, 4), data: new Uint8Array(100).fill(9) });
    expect(alpha && fillTransparent(colour, alpha)).toBe(colour);
  });

  test.each([1, 3] as const)('become those of what is visible near them, %d channels', (channels) => {
    const [width, height] = [19, 11];
    const alpha = new Uint8Array(width * height);
    const data = new Float32Array(width * height * channels);
    // visible: red-ish on the left, 0.25 on the right; hidden in between: a garish 1
    for (let pixel = 0; pixel < alpha.length; pixel++) {
      const x = pixel % width;
      alpha[pixel] = x < 4 || x >= 15 ? 1 : 0;
      data.fill(x < 4 ? 0.75 : x >= 15 ? 0.25 : 1, pixel * channels, (pixel + 1) * channels);
    }
    const filled = fillTransparent({ data, width, height, channels }, alpha);
    const at = (x: number) => filled.data[(5 * width + x) * channels];
    expect([at(3), at(4), at(14), at(15)]).toEqual([0.75, 0.75, 0.25, 0.25]);
    expect(Math.max(...filled.data)).toBe(0.75);
    expect(Math.min(...filled.data)).toBe(0.25);
    expect(data.includes(1)).toBe(true);
  });

  test('of an image that is all transparent are left alone', () => {
    const { colour } = fromRaster(randomRaster(6, 5, 3));
    const filled = fillTransparent(colour, new Uint8Array(30));
    expect(filled.data.every(Number.isFinite)).toBe(true);
  });
});
