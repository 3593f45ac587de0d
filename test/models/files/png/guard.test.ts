import { describe, expect, test } from 'vitest';
import { writeChunks } from '../../../../models/files/png/chunks.ts';
import { guardPng, readHeader } from '../../../../models/files/png/guard.ts';
import { decodePng } from '../../../../worker/png/codec.ts';
import { INVALID, TOO_LARGE } from '../../../hostile/attacks.ts';
import { buildPng, chunk, IEND, idat, ihdr, plainPng } from '../../../hostile/png.ts';

const refusal = (code: string) => expect.objectContaining({ name: 'DegrainError', code });
const limits = { maxBytes: 2 ** 20, maxPixels: 65536 };
const small = plainPng(5, 3, [chunk('gAMA', [0, 0, 177, 143])]);

test('a sound file passes, and nothing but its pixels goes on to the decoder', () => {
  const { header, coding } = guardPng(small, limits);
  expect(header).toEqual({ width: 5, height: 3, depth: 8, colour: 2, interlaced: false });
  expect(coding.map(({ type }) => type)).toEqual(['IDAT']);
});

test('truncated at any byte, a file is refused', () => {
  for (let length = 0; length < small.length; length++) {
    const attempt = () => guardPng(small.subarray(0, length), limits);
    expect(attempt, `${length} of ${small.length} bytes`).toThrow(refusal('invalid-image'));
  }
});

test('with any one bit flipped, a file is refused', () => {
  for (let bit = 0; bit < small.length * 8; bit++) {
    const flipped = small.slice();
    flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
    expect(() => decodePng(flipped, limits), `bit ${bit}`).toThrow(refusal('invalid-image'));
  }
});

/** ms. The bombs take their time to be made; this is for what the guard does. Far above what is measured. */
const PROMPT = 1000;

describe.each(Object.entries(INVALID))('%s', (_, make) => {
  test('is refused at once', () => {
    const file = make();
    const started = performance.now();
    expect(() => decodePng(file, limits)).toThrow(refusal('invalid-image'));
    expect(performance.now() - started).toBeLessThan(PROMPT);
  });
});

test.each(Object.entries(TOO_LARGE))('%s is too large, whatever else it is', (_, make) => {
  expect(() => decodePng(make(), limits)).toThrow(refusal('image-too-large'));
});

test('without limits too, a small file cannot claim a large image', () => {
  const file = (TOO_LARGE['30000x30000 in 68 bytes'] as () => Uint8Array)();
  const before = process.memoryUsage().arrayBuffers;
  expect(() => decodePng(file, { maxBytes: 2 ** 20, maxPixels: 2 ** 31 })).toThrow(refusal('invalid-image'));
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6);
});

test('a bomb stops inflating as soon as it is too long', () => {
  const file = (INVALID['4x4 pixels that inflate to 100 MB'] as () => Uint8Array)();
  const before = process.memoryUsage().arrayBuffers;
  expect(() => guardPng(file, limits)).toThrow(refusal('invalid-image'));
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6);
});

test('the limits themselves are allowed', () => {
  const file = plainPng(16, 8);
  guardPng(file, { maxBytes: file.length, maxPixels: 128 });
  expect(() => guardPng(file, { maxBytes: file.length - 1, maxPixels: 128 })).toThrow(refusal('image-too-large'));
  expect(() => guardPng(file, { maxBytes: file.length, maxPixels: 127 })).toThrow(refusal('image-too-large'));
});

test('IDAT may come in many chunks, some of them empty, and bytes may follow IEND', () => {
  const shape = { width: 4, height: 4, depth: 8, colour: 0, samples: new Uint8Array(16).fill(7) };
  const whole = idat(new Uint8Array(20)).data;
  const pieces = Array.from(whole, (byte) => chunk('IDAT', [byte]));
  const file = writeChunks([ihdr(shape), chunk('IDAT'), ...pieces, chunk('IDAT'), IEND]);
  const followed = new Uint8Array([...file, 1, 2, 3]);
  expect(decodePng(followed, limits).image.data).toEqual(new Uint8Array(16));
});

test('text and other ancillary chunks are dropped, colour and camera data are kept as they are', () => {
  const kept = [chunk('iCCP', [65, 0, 0, 1, 2]), chunk('pHYs', new Uint8Array(9)), chunk('eXIf', [77, 77, 0, 42])];
  const noNul = chunk('tEXt', new TextEncoder().encode('a text without its NUL'));
  const dropped = [noNul, chunk('iTXt', [1]), chunk('zTXt', [1]), chunk('sRGB', [1, 2]), chunk('prVt', [9])];
  const file = plainPng(2, 2, [...kept, ...dropped, kept[0] as ReturnType<typeof chunk>]);
  expect(decodePng(file, limits).kept).toEqual(kept);
});

test('the header can be read from the first 33 bytes', () => {
  const file = buildPng({ width: 300, height: 2, depth: 2, colour: 0, interlaced: true, samples: new Uint8Array(600) });
  expect(readHeader(file.subarray(0, 33))).toEqual({ width: 300, height: 2, depth: 2, colour: 0, interlaced: true });
  expect(() => readHeader(file.subarray(0, 32))).toThrow('IHDR');
});
