import { describe, expect, test } from 'vitest';
import { DQT, readSegments } from '../../../models/files/jpeg/segments.ts';
import type { RasterImage } from '../../../models/image.ts';
import { openCodec } from './codec-in-node.ts';
import { cases, longProfile, stored, twoPictures } from './stored.ts';

const limits = { maxBytes: 2 ** 20, maxPixels: 65536 };
const codec = openCodec();

const segments = (file: Uint8Array) => [...readSegments(file, expect.fail)];

function rmse(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - (b[i] as number)) ** 2;
  return Math.sqrt(sum / a.length);
}

describe.each(cases)('$name', ({ file, width, height, channels, quality, samples }) => {
  test('is read as libjpeg-turbo reads it', async () => {
    const { image } = await codec.decode(file, limits);
    expect(image).toMatchObject({ width, height, channels, depth: 8 });
    expect(Buffer.compare(image.data as Uint8Array, samples)).toBe(0);
  });

  test("is written at the file's own quality, and loses next to nothing once more", async () => {
    const { image, coding, kept } = await codec.decode(file, limits);
    expect(coding.quality).toBe(quality);
    const written = await codec.encode(image, coding, kept);
    const again = await codec.decode(written, limits);
    expect(again.kept).toEqual(kept);
    // as many channels: grey is written as grey
    expect(again.image.channels).toBe(channels);
    expect(rmse(again.image.data, samples)).toBeLessThan(quality === 30 ? 6 : 3.5);
  });

  test('comes back byte for byte where nothing is changed', async () => {
    const { original } = await codec.decode(file, limits);
    expect(Buffer.compare(original(), file)).toBe(0);
  });
});

test('no quantisation step is coarser than in the file that came', async () => {
  for (const { name, file } of cases) {
    const steps = (bytes: Uint8Array) => segments(bytes).filter(({ marker }) => marker === DQT);
    const { image, coding } = await codec.decode(file, limits);
    const [before, after] = [steps(file), steps(await codec.encode(image, coding))];
    const largest = (list: typeof before) => Math.max(...list.flatMap(({ data }) => [...data.subarray(1)]));
    expect(largest(after), name).toBeLessThanOrEqual(largest(before));
  }
});

test.each([
  ['4:4:4', false],
  ['4:2:2', false],
  ['4:2:0', true],
  ['colours as RGB', false],
] as const)('%s: colour has no fewer samples than it had (%s)', async (name, subsampled) => {
  expect((await codec.decode(stored(name).file, limits)).coding.subsampled).toBe(subsampled);
});

test('a profile of several segments is kept, all of it', async () => {
  const { image, coding, kept } = await codec.decode(longProfile, limits);
  expect(kept.map(({ data }) => data.length)).toEqual([14, 65533, expect.any(Number)]);
  const written = await codec.encode(image, coding, kept);
  expect((await codec.decode(written, limits)).kept).toEqual(kept);
});

test('of a file with two pictures the first is read', async () => {
  const { image, original } = await codec.decode(twoPictures, limits);
  const { samples } = stored('4:2:0');
  expect(rmse(image.data, samples)).toBeLessThan(8);
  // the index of pictures goes, as it would point to where there is none
  expect(Buffer.from(original()).includes('MPF')).toBe(false);
});

test.each([
  [1, 1],
  [7, 9],
  [16, 16],
  [300, 5],
  [1, 65500],
] as const)('%i x %i, grey and colour, fine and coarse', async (width, height) => {
  for (const channels of [1, 3] as const) {
    const data = Uint8Array.from({ length: width * height * channels }, (_, i) => 100 + ((i * 37) % 50));
    const image: RasterImage = { data, width, height, channels, depth: 8 };
    for (const subsampled of [false, true]) {
      for (const quality of [5, 100]) {
        const file = await codec.encode(image, { quality, colourQuality: quality, subsampled });
        const back = await codec.decode(file, limits);
        expect(back.image).toMatchObject({ width, height, channels });
        expect(back.coding).toMatchObject({ quality, subsampled: subsampled && channels === 3 });
        if (quality === 100 && !subsampled) expect(rmse(back.image.data, data)).toBeLessThan(1.5);
      }
    }
  }
});

test('after a file that breaks the codec the next one is read', async () => {
  const { file, samples } = stored('4:2:0');
  const broken = file.slice();
  const scan = segments(file).at(-1)?.scan as Uint8Array;
  broken.fill(0x55, scan.byteOffset + 20, scan.byteOffset + scan.length);
  await expect(codec.decode(broken, limits)).rejects.toMatchObject({ code: 'invalid-image' });
  const { image } = await codec.decode(file, limits);
  expect(Buffer.compare(image.data as Uint8Array, samples)).toBe(0);
});
