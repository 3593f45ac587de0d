import { describe, expect, test } from 'vitest';
import { writeSegments } from '../../../models/files/jpeg/segments.ts';
import { guardJpeg, readJpegHeader } from '../../../worker/jpeg/guard.ts';
import { MAX_SCANS } from '../../../worker/jpeg/scans.ts';
import { BROKEN_JPEGS, segmentsOf, soundJpeg, TOO_LARGE_JPEGS } from '../../hostile/jpeg.ts';
import { openCodec } from './codec-in-node.ts';

const refusal = (code: string) => expect.objectContaining({ name: 'DegrainError', code });
const limits = { maxBytes: 2 ** 20, maxPixels: 65536 };
const codec = openCodec();
const EOI = [0xff, 0xd9];

/** ms, for what the guard and the codec do. Far above what is measured. */
const PROMPT = 1000;

test.each(Object.entries(BROKEN_JPEGS))('%s is refused at once', async (_, make) => {
  const file = make();
  const started = performance.now();
  await expect(codec.decode(file, limits)).rejects.toEqual(refusal('invalid-image'));
  expect(performance.now() - started).toBeLessThan(PROMPT);
});

test.each(Object.entries(TOO_LARGE_JPEGS))('%s is too large, whatever else it is', (_, make) => {
  expect(() => guardJpeg(make(), limits)).toThrow(refusal('image-too-large'));
});

test('truncated at any byte, a file is refused', async () => {
  const file = soundJpeg('one pixel');
  for (let length = 0; length < file.length; length++) {
    await expect(codec.decode(file.subarray(0, length), limits), `${length}`).rejects.toEqual(refusal('invalid-image'));
  }
});

describe('what cameras write is read', () => {
  const file = soundJpeg('EXIF, profile and density');

  test.each([
    ['bytes after the end', [...file, 1, 2, 3]],
    ['another picture after the end', [...file, ...soundJpeg('4:2:0')]],
    ['0xFF that fills up before a marker', [...file.subarray(0, 2), 0xff, 0xff, ...file.subarray(2)]],
    ['bytes after the last block', [...file.subarray(0, -2), 0, 0, 0, ...EOI]],
  ])('%s', async (_, bytes) => {
    const { image } = await codec.decode(file, limits);
    expect((await codec.decode(Uint8Array.from(bytes), limits)).image).toEqual(image);
  });

  test('comments, previews and indices are dropped', () => {
    const segments = segmentsOf(file);
    const dropped = [
      { marker: 0xfe, data: Uint8Array.of(1, 2, 3) },
      { marker: 0xe2, data: new TextEncoder().encode('MPF\0II*\0') },
      { marker: 0xe1, data: new TextEncoder().encode('http://ns.adobe.com/xap/1.0/\0<x/>') },
      { marker: 0xed, data: new TextEncoder().encode('Photoshop 3.0\0') },
    ];
    const { kept, coding } = guardJpeg(
      writeSegments([...segments.slice(0, 1), ...dropped, ...segments.slice(1)]),
      limits,
    );
    expect({ kept, coding }).toEqual({ kept: guardJpeg(file, limits).kept, coding: guardJpeg(file, limits).coding });
  });
});

test('the limits themselves are allowed', () => {
  const file = soundJpeg('4:2:0');
  guardJpeg(file, { maxBytes: file.length, maxPixels: 37 * 26 });
  expect(() => guardJpeg(file, { ...limits, maxBytes: file.length - 1 })).toThrow(refusal('image-too-large'));
  expect(() => guardJpeg(file, { ...limits, maxPixels: 37 * 26 - 1 })).toThrow(refusal('image-too-large'));
});

test('as many scans as encoders make, and many more, are allowed', () => {
  const segments = segmentsOf(soundJpeg('progressive'));
  const scans = segments.filter(({ scan }) => scan).length;
  const last = segments.at(-1) as (typeof segments)[number];
  const more = (count: number) => writeSegments([...segments, ...Array.from({ length: count }, () => last)]);
  guardJpeg(more(MAX_SCANS - scans), limits);
  expect(() => guardJpeg(more(MAX_SCANS - scans + 1), limits)).toThrow(/at most 64 scans/);
});

test('the size can be read from the start, behind whatever stands before it', () => {
  const file = soundJpeg('EXIF, profile and density');
  expect(readJpegHeader(file.subarray(0, 4000))).toMatchObject({ width: 37, height: 26, progressive: false });
  expect(() => readJpegHeader(file.subarray(0, 20))).toThrow(refusal('invalid-image'));
});
