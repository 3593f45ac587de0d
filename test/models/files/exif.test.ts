import { expect, test } from 'vitest';
import { exifOfResolution, markUpright, orientationOf } from '../../../models/files/exif.ts';
import { makeExif } from './profiles.ts';

test.each(['II', 'MM'] as const)('orientation is read and set upright, %s', (order) => {
  for (let orientation = 1; orientation <= 8; orientation++) {
    const exif = makeExif(orientation, order);
    expect(orientationOf(exif)).toBe(orientation);
    markUpright(exif);
    expect(exif).toEqual(makeExif(1, order));
  }
});

test('what is no EXIF, or cut short, is upright and stays as it is', () => {
  const whole = makeExif(6);
  for (let length = 0; length < whole.length - 6; length++) {
    const part = whole.slice(0, length);
    expect(orientationOf(part)).toBe(1);
    markUpright(part);
    expect(part).toEqual(whole.slice(0, length));
  }
  expect(orientationOf(makeExif(9))).toBe(1);
});

test('a resolution in metres has an EXIF of its own', () => {
  const pixels = Uint8Array.of(0, 0, 0x2e, 0x23, 0, 0, 0x0b, 0x13, 1); // 300 and 72 dpi
  const view = new DataView((exifOfResolution(pixels) as Uint8Array).buffer);
  expect([50, 54, 58, 62].map((at) => view.getUint32(at - 0))).toEqual([11811, 100, 2835, 100]);
  expect(exifOfResolution(Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 2, 0))).toBeUndefined();
});
