import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Segment } from '../../../models/files/jpeg/segments.ts';
import { chunksOf as chunksBy, segmentsOf } from '../../../models/files/metadata.ts';
import { profileOfChunk } from '../../../models/files/profile.ts';
import type { RasterImage } from '../../../models/image.ts';
import { deflate } from '../../../worker/png/deflate.ts';
import { chunk } from '../../hostile/png.ts';

const chunksOf = (segments: readonly Segment[], image: RasterImage) => chunksBy(segments, image, deflate);
const rgb = { channels: 3 } as RasterImage;
const grey = { channels: 1 } as RasterImage;
const text = (letters: string) => [...letters].map((letter) => letter.charCodeAt(0));

/** An ICC profile as far as is looked at: its length and its colours. */
function profile(bytes: number, colours: string): Uint8Array {
  const data = Uint8Array.from({ length: bytes }, (_, i) => (i * 31) % 251);
  data.set(text(colours), 16);
  return data;
}
const iCCP = (data: Uint8Array) => chunk('iCCP', [...text('a name\0\0'), ...deflateSync(data)]);

describe('profiles', () => {
  test.each([200, 65519, 65520, 200_000])('of %i bytes go there and back', async (bytes) => {
    const data = profile(bytes, 'RGB ');
    const segments = segmentsOf([iCCP(data)], rgb);
    expect(segments.filter(({ marker }) => marker === 0xe2)).toHaveLength(Math.ceil(bytes / 65519));
    for (const { data: part } of segments) expect(part.length).toBeLessThanOrEqual(65533);
    const [back] = await chunksOf(segments, rgb);
    expect(profileOfChunk(back as { data: Uint8Array })).toEqual(data);
  });

  test('for other colours stay behind', () => {
    const parts = (colours: string, image: RasterImage) => segmentsOf([iCCP(profile(200, colours))], image).length;
    expect([parts('RGB ', rgb), parts('GRAY', grey)]).toEqual([2, 2]);
    expect([parts('GRAY', rgb), parts('RGB ', grey), parts('CMYK', rgb)]).toEqual([1, 1, 1]);
  });

  test('of parts in another order are put together, with one missing they stay behind', async () => {
    const segments = segmentsOf([iCCP(profile(200_000, 'RGB '))], rgb);
    const [jfif, first, ...others] = segments as [Segment, Segment, ...Segment[]];
    const chunks = await chunksOf([jfif, ...others, first], rgb);
    expect(profileOfChunk(chunks[0] as { data: Uint8Array })).toEqual(profile(200_000, 'RGB '));
    expect(await chunksOf([jfif, ...others], rgb)).toEqual([]);
  });

  test('that are broken, cut short or a bomb stay behind, at once', () => {
    const whole = iCCP(profile(500, 'RGB '));
    const bomb = chunk('iCCP', [...text('a name\0\0'), ...deflateSync(Buffer.alloc(200e6))]);
    for (const bad of [
      chunk('iCCP', [65, 0, 0, 1, 2]),
      chunk('iCCP', [0]),
      chunk('iCCP', whole.data.subarray(0, 90)),
      bomb,
    ]) {
      const started = performance.now();
      expect(segmentsOf([bad], rgb)).toHaveLength(1);
      expect(performance.now() - started).toBeLessThan(500);
    }
  });
});

describe('resolution', () => {
  const pHYs = (x: number, y: number, unit: number) => {
    const data = new Uint8Array(9);
    new DataView(data.buffer).setUint32(0, x);
    new DataView(data.buffer).setUint32(4, y);
    data[8] = unit;
    return chunk('pHYs', data);
  };

  test.each([
    // pixels per metre, as per inch, and back
    [2835, 1, [1, 72], 2835],
    [11811, 1, [1, 300], 11811],
    // a shape only
    [3, 0, [0, 3], 3],
    // more than can be said
    [2 ** 32 - 1, 1, [0, 1], undefined],
    [0, 1, [0, 1], undefined],
  ])('%i, unit %i', async (x, unit, [jfifUnit, density], back) => {
    const [jfif] = segmentsOf([pHYs(x, unit === 0 ? 2 * x : x, unit)], rgb) as [Segment];
    expect([jfif.data[7], new DataView(jfif.data.buffer).getUint16(8)]).toEqual([jfifUnit, density]);
    const again = await chunksOf([jfif], rgb);
    expect(again).toEqual(back ? [pHYs(back, unit === 0 ? 2 * back : back, unit)] : []);
  });
});

test('EXIF loses its letters on the way into a PNG, and gets them back', async () => {
  const tiff = [...text('II*\0'), 8, 0, 0, 0];
  const segments = segmentsOf([chunk('eXIf', tiff)], rgb);
  expect(segments[1]).toEqual({ marker: 0xe1, data: Uint8Array.from([...text('Exif\0\0'), ...tiff]) });
  expect(await chunksOf(segments, rgb)).toEqual([chunk('eXIf', tiff)]);
  expect(segmentsOf([chunk('eXIf', new Uint8Array(65528))], rgb)).toHaveLength(1);
});
