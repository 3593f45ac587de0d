import { describe, expect, test } from 'vitest';
import { joined, latin1 } from '../../../models/files/bytes.ts';
import { metadataOfWebp, readWebp, withMetadata } from '../../../models/files/webp.ts';

const little = (value: number) => Uint8Array.of(value, value >> 8, value >> 16, value >> 24);
const chunk = (type: string, data: Uint8Array) =>
  joined([latin1(type), little(data.length), data, new Uint8Array(data.length % 2)]);
const riff = (...chunks: Uint8Array[]) => {
  const body = joined([latin1('WEBP'), ...chunks]);
  return joined([latin1('RIFF'), little(body.length), body]);
};
/** VP8L's signature, then 14 bits each of width and height, then alpha. */
const lossless = (alpha: boolean) => chunk('VP8L', Uint8Array.of(0x2f, 0, 0, 0, alpha ? 0x10 : 0, 7, 7));
const exif = latin1('II*\0 of odd length');
const profile = latin1('a profile');
const size = { width: 300, height: 70_001 };

describe('metadata', () => {
  test.each([false, true])('stands around the picture, alpha %s', (alpha) => {
    const file = withMetadata(riff(lossless(alpha)), { exif, profile }, size);
    const chunks = readWebp(file);
    expect(chunks.map(({ type }) => type)).toEqual(['VP8X', 'ICCP', 'VP8L', 'EXIF']);
    expect(Array.from(chunks[0]?.data ?? [])).toEqual([alpha ? 0x38 : 0x28, 0, 0, 0, 43, 1, 0, 0x70, 0x11, 1]);
    expect(metadataOfWebp(chunks)).toEqual({ exif, profile });
    expect(new DataView(file.buffer).getUint32(4, true)).toBe(file.length - 8);
  });

  test('replaces what the file has, and its own profile stays where there is no other', () => {
    const own = riff(chunk('VP8X', new Uint8Array(10)), chunk('ICCP', profile), lossless(false));
    const replaced = readWebp(withMetadata(own, { profile: exif }, size));
    expect(metadataOfWebp(replaced)).toEqual({ exif: undefined, profile: exif });
    const kept = readWebp(withMetadata(own, { exif }, size));
    expect(metadataOfWebp(kept)).toEqual({ exif, profile });
  });

  test('of nothing leaves the file as it is', () => {
    const plain = riff(lossless(true));
    expect(withMetadata(plain, {}, size)).toBe(plain);
  });

  test("is read without JPEG's letters before it", () => {
    const lettered = readWebp(riff(lossless(false), chunk('EXIF', joined([latin1('Exif\0\0'), exif]))));
    expect(metadataOfWebp(lettered).exif).toEqual(exif);
  });
});

test('what is cut short, or no WebP, has no chunks', () => {
  const whole = riff(lossless(false), chunk('EXIF', exif));
  for (let length = 0; length < whole.length - 1; length++) {
    expect(readWebp(whole.slice(0, length)).length).toBeLessThanOrEqual(1);
  }
  expect(readWebp(latin1('RIFF????WAVEfmt '))).toEqual([]);
});
