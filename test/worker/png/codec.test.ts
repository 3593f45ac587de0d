import UPNG from 'upng-js';
import { describe, expect, test } from 'vitest';
import type { RasterImage } from '../../../models/image.ts';
import { sfc32 } from '../../../models/noise/random.ts';
import { decodePng, encodePng } from '../../../worker/png/codec.ts';
import { buildPng, chunk, SAMPLES_OF } from '../../hostile/png.ts';

const limits = { maxBytes: 2 ** 22, maxPixels: 2 ** 20 };

const COLOURS = [
  { name: 'grey', colour: 0, depths: [1, 2, 4, 8, 16] },
  { name: 'RGB', colour: 2, depths: [8, 16] },
  { name: 'grey and alpha', colour: 4, depths: [8, 16] },
  { name: 'RGBA', colour: 6, depths: [8, 16] },
];

function randomSamples(length: number, most: number, seed: number): number[] {
  const random = sfc32(seed);
  return Array.from({ length }, () => Math.floor(random() * (most + 1)));
}

/** Widths and heights around every boundary of bytes and of Adam7's passes. */
const SIDES = [1, 2, 3, 4, 5, 8, 9];

describe.each(COLOURS.flatMap(({ depths, ...rest }) => depths.map((depth) => ({ ...rest, depth }))))(
  '$name of $depth bits',
  ({ colour, depth }) => {
    const count = SAMPLES_OF[colour] as number;
    const most = 2 ** depth - 1;
    // grey of less than 8 bits is spread over 0..255
    const scale = depth < 8 ? 255 / most : 1;

    test.each([false, true])(
      'is read right at every small size and with every filter, interlaced: %s',
      async (interlaced) => {
        for (const width of SIDES) {
          for (const height of SIDES) {
            for (const filter of [0, 1, 2, 3, 4]) {
              const samples = randomSamples(width * height * count, most, width * 100 + height);
              const file = buildPng({
                width,
                height,
                depth,
                colour,
                interlaced,
                samples,
                filter: (y) => (filter + y) % 5,
              });
              const { image } = decodePng(file, limits);
              const { data, ...shape } = image;
              expect(shape).toEqual({ width, height, channels: count, depth: depth === 16 ? 16 : 8 });
              expect(Array.from(data), `${width} x ${height}, filter ${filter}`).toEqual(samples.map((s) => s * scale));
            }
          }
        }
      },
    );
  },
);

test.each([1, 2, 4, 8])('a palette of %i bits becomes RGB, and RGBA if it has transparency', async (depth) => {
  const entries = 2 ** depth;
  const palette = randomSamples(entries * 3, 255, 1);
  const [width, height] = [9, 5];
  const samples = randomSamples(width * height, entries - 1, 2);
  const colours = samples.map((index) => palette.slice(index * 3, index * 3 + 3));
  for (const interlaced of [false, true]) {
    const shape = { width, height, depth, colour: 3, interlaced, samples };
    const opaque = decodePng(buildPng(shape, [chunk('PLTE', palette)]), limits);
    expect(opaque.image.channels).toBe(3);
    expect(Array.from(opaque.image.data)).toEqual(colours.flat());
    // one entry of two has an alpha; the others are opaque
    const clear = decodePng(buildPng(shape, [chunk('PLTE', palette), chunk('tRNS', [77])]), limits);
    expect(clear.image.channels).toBe(4);
    expect(Array.from(clear.image.data)).toEqual(colours.flatMap((rgb, i) => [...rgb, samples[i] === 0 ? 77 : 255]));
  }
});

test.each([
  { colour: 0, depth: 2, key: [0, 2], samples: [0, 1, 2, 3], expected: [0, 255, 85, 255, 170, 0, 255, 255] },
  // the low bits count
  { colour: 0, depth: 8, key: [9, 200], samples: [200, 9], expected: [200, 0, 9, 255] },
  { colour: 0, depth: 16, key: [1, 2], samples: [258, 2, 513], expected: [258, 0, 2, 65535, 513, 65535] },
  { colour: 2, depth: 8, key: [0, 1, 0, 2, 0, 3], samples: [1, 2, 3, 1, 2, 4], expected: [1, 2, 3, 0, 1, 2, 4, 255] },
])('tRNS becomes alpha: colour type $colour of $depth bits', async ({ colour, depth, key, samples, expected }) => {
  const width = samples.length / (SAMPLES_OF[colour] as number);
  const file = buildPng({ width, height: 1, depth, colour, samples }, [chunk('tRNS', key)]);
  expect(Array.from(decodePng(file, limits).image.data)).toEqual(expected);
});

function randomImage(width: number, height: number, channels: number, depth: 8 | 16, seed = 3): RasterImage {
  const samples = randomSamples(width * height * channels, 2 ** depth - 1, seed);
  const data = depth === 16 ? Uint16Array.from(samples) : Uint8Array.from(samples);
  return { data, width, height, channels: channels as RasterImage['channels'], depth };
}

describe.each([1, 2, 3, 4])('%i channels', (channels) => {
  test.each([8, 16] as const)('of %i bits come back as they were written', async (depth) => {
    // 8 x 512 of noise: upng-js 2.1.0 writes a broken file for such RGBA
    for (const [width, height] of [
      [1, 1],
      [2, 3],
      [8, 8],
      [33, 17],
      [8, 512],
      [512, 8],
    ] as const) {
      const image = randomImage(width, height, channels, depth);
      expect(decodePng(await encodePng(image), limits).image).toEqual(image);
    }
  });
});

test('an image of one colour and a view into a larger buffer are written right', async () => {
  const flat: RasterImage = { data: new Uint8Array(12).fill(9), width: 2, height: 2, channels: 3, depth: 8 };
  expect(decodePng(await encodePng(flat), limits).image).toEqual(flat);
  const buffer = new Uint8Array(100).map((_, i) => i);
  const view: RasterImage = { data: buffer.subarray(50, 62), width: 2, height: 2, channels: 3, depth: 8 };
  expect(Array.from(decodePng(await encodePng(view), limits).image.data)).toEqual(Array.from(view.data));
});

test("upng-js's own conversion agrees where it is right, for 8 bits", async () => {
  for (const channels of [1, 2, 3, 4]) {
    const image = randomImage(20, 11, channels, 8);
    const [rgba] = UPNG.toRGBA8(UPNG.decode((await encodePng(image)).buffer)) as [ArrayBuffer];
    const seen = new Uint8Array(rgba);
    for (let pixel = 0; pixel < 220; pixel++) {
      const samples = Array.from(image.data.subarray(pixel * channels, (pixel + 1) * channels));
      const [r, g, b] = channels < 3 ? [samples[0], samples[0], samples[0]] : samples;
      const alpha = channels % 2 === 0 ? samples.at(-1) : 255;
      expect(Array.from(seen.subarray(pixel * 4, pixel * 4 + 4))).toEqual([r, g, b, alpha]);
    }
  }
});

test('a smooth image is compressed', async () => {
  const data = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => Math.floor(i / 192) + (Math.floor(i / 3) % 64));
  const file = await encodePng({ data, width: 64, height: 64, channels: 3, depth: 8 });
  expect(file.length).toBeLessThan(data.length / 20);
});

test('kept chunks stand between the header and the pixels, byte for byte', async () => {
  const kept = [chunk('iCCP', [65, 0, 0, 1, 2]), chunk('eXIf', [77, 77, 0, 42, 0, 0, 0, 8])];
  const file = await encodePng(randomImage(3, 3, 3, 8), kept);
  const order = [...new TextDecoder('latin1').decode(file).matchAll(/IHDR|iCCP|eXIf|IDAT|IEND/g)].map(([type]) => type);
  expect(order).toEqual(['IHDR', 'iCCP', 'eXIf', 'IDAT', 'IEND']);
  expect(decodePng(file, limits).kept).toEqual(kept);
});
