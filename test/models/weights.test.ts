import { describe, expect, test } from 'vitest';
import { sfc32 } from '../../models/noise/random.ts';
import { decodeQ8, encodeQ8, readQ8 } from '../../models/weights.ts';

const uniform = sfc32(3);
/** [.., channels], channels of very different sizes, one of them all zero. */
const filter = (elements: number, channels: number) =>
  Float32Array.from(
    { length: elements },
    (_, i) => (uniform() - 0.5) * 10 ** -((i % channels) - 1) * (i % channels ? 1 : 0),
  );
const tensors = [
  { values: filter(3 * 3 * 4 * 5, 5), channels: 5 },
  { values: Float32Array.of(0.1, -1e-20, 3e8, 0, -0), channels: 0 },
  { values: filter(7, 7), channels: 7 },
  { values: new Float32Array(0), channels: 0 },
];

describe('weights of 8 bits', () => {
  const encoded = encodeQ8(tensors);
  const decoded = decodeQ8(encoded);

  test('come back within half a step of each channel', () => {
    expect(decoded.length).toBe(tensors.length);
    for (const [t, { values, channels }] of tensors.entries()) {
      if (channels === 0) continue;
      for (let c = 0; c < channels; c++) {
        const of = (all: Float32Array | undefined) => [...(all ?? [])].filter((_, i) => i % channels === c);
        const bound = Math.max(...of(values).map(Math.abs)) / 254;
        const errors = of(decoded[t]).map((value, i) => Math.abs(value - (of(values)[i] as number)));
        // float32 scales round by a few parts in 1e7
        expect(Math.max(...errors)).toBeLessThanOrEqual(bound * (1 + 1e-4));
      }
    }
  });

  test('keep the rest exactly', () => {
    expect(decoded[1]).toEqual(tensors[1]?.values);
    expect(decoded[3]).toEqual(new Float32Array(0));
  });

  test('are read from the middle of a larger buffer', () => {
    const larger = new Uint8Array(encoded.length + 9);
    larger.set(encoded, 3);
    expect(decodeQ8(larger.subarray(3, 3 + encoded.length))).toEqual(decoded);
  });

  test('are about a quarter of float32', () => {
    const values = filter(3 * 3 * 64 * 64, 64);
    expect(encodeQ8([{ values, channels: 64 }]).length).toBeLessThan(values.byteLength * 0.26);
  });
});

describe('corrupt files are refused, and nothing large is made for them', () => {
  const good = encodeQ8(tensors);
  const HEADER = 12;
  const [KIND, ELEMENTS, CHANNELS] = [HEADER, HEADER + 4, HEADER + 8];
  const patched = (at: number, value: number) => {
    const bytes = good.slice();
    new DataView(bytes.buffer).setUint32(at, value, true);
    return bytes;
  };

  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array(0)],
    ['three letters', good.slice(0, 3)],
    ['a header without its end', good.slice(0, 11)],
    ['other letters', patched(0, 0x4b4e5547)],
    ['another format', patched(4, 2)],
    ['a tensor too many', patched(8, 5)],
    ['four thousand million tensors', patched(8, 0xffffffff)],
    ['records without payloads', good.slice(0, HEADER + 4 * 12)],
    ['the last byte missing', good.slice(0, -1)],
    ['four bytes too many', Uint8Array.of(...good, 0, 0, 0, 0)],
    ['an unknown kind', patched(KIND, 2)],
    ['float32 with channels', patched(KIND, 0)],
    ['int8 without channels', patched(CHANNELS, 0)],
    ['elements that are no multiple of the channels', patched(ELEMENTS, 181)],
    ['four thousand million channels', patched(CHANNELS, 0xffffffff)],
    // 4 * 5 + 0xffffffec wraps to 0 in 32 bits
    ['four thousand million elements', patched(ELEMENTS, 0xffffffec)],
    ['four thousand million elements, aligned to nothing', patched(ELEMENTS, 0xffffffeb)],
  ])('%s', (_, bytes) => {
    expect(() => decodeQ8(bytes)).toThrow(expect.objectContaining({ code: 'invalid-model' }));
  });

  test('any byte changed either decodes within bounds or is refused', () => {
    for (let at = 0; at < HEADER + 4 * 12; at++) {
      for (const change of [1, 0x80, 0xff]) {
        const bytes = good.slice();
        bytes[at] = (bytes[at] as number) ^ change;
        try {
          const elements = decodeQ8(bytes).reduce((sum, tensor) => sum + tensor.length, 0);
          expect(elements).toBeLessThanOrEqual(bytes.length);
        } catch (failure) {
          expect(failure).toMatchObject({ code: 'invalid-model' });
        }
      }
    }
  });
});

test('a tensor is unpacked to where it is wanted, and nowhere else', () => {
  const [first] = readQ8(encodeQ8(tensors));
  const place = new Float32Array((first?.elements ?? 0) + 2).fill(7);
  first?.unpack(place.subarray(1, -1));
  expect([place[0], place.at(-1)]).toEqual([7, 7]);
  expect(place.slice(1, -1)).toEqual(decodeQ8(encodeQ8(tensors))[0]);
});
