import { constants, deflateSync, inflateRawSync, inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { inflateExactly } from '../../../../models/files/png/inflate.ts';
import { sfc32 } from '../../../../models/noise/random.ts';

const random = sfc32(11);
const bytes = (length: number, make: (i: number) => number) => Uint8Array.from({ length }, (_, i) => make(i));

const INPUTS: Record<string, Uint8Array> = {
  nothing: new Uint8Array(0),
  'one byte': Uint8Array.of(7),
  noise: bytes(70_000, () => random() * 256),
  zeros: new Uint8Array(100_000),
  'a gradient': bytes(50_000, (i) => i >> 8),
  'few symbols': bytes(30_000, () => random() ** 8 * 40),
  'repeats from far back': bytes(99_000, (i) => (i % 33_000) ** 2 % 251),
};

const { Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED } = constants;

describe.each(Object.entries(INPUTS))('%s', (_, input) => {
  test.each([0, 1, 6, 9])('comes back from level %i, with every strategy', (level) => {
    for (const strategy of [Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED]) {
      for (const memLevel of [1, 9]) {
        const packed = deflateSync(input, { level, strategy, memLevel });
        expect(Buffer.compare(inflateExactly(packed, input.length) as Uint8Array, input)).toBe(0);
      }
    }
  });

  test('of another length is refused', () => {
    const packed = deflateSync(input);
    expect(inflateExactly(packed, input.length + 1)).toBeUndefined();
    if (input.length > 0) expect(inflateExactly(packed, input.length - 1)).toBeUndefined();
  });
});

function zlibAccepts(packed: Uint8Array): boolean {
  try {
    return inflateSync(packed).length > 0;
  } catch {
    return false;
  }
}

/** Whatever is done to a file, zlib and we must agree on what it is: a difference would be somebody's way in. */
test('with any one byte changed or cut off, it is refused or right, as zlib has it', () => {
  const input = bytes(400, (i) => ((i % 60) ** 2 % 200) + random() * 8);
  for (const strategy of [Z_DEFAULT_STRATEGY, Z_FIXED, Z_HUFFMAN_ONLY]) {
    const packed = deflateSync(input, { strategy });
    for (let at = 0; at < packed.length; at++) {
      for (const flip of [1, 32, 255]) {
        const changed = Uint8Array.from(packed, (byte, i) => (i === at ? byte ^ flip : byte));
        const ours = inflateExactly(changed, input.length);
        expect(ours !== undefined, `${flip} at ${at}`).toBe(zlibAccepts(changed));
        // the bits that fill up the last byte mean nothing
        if (ours) expect(Buffer.compare(ours, input)).toBe(0);
      }
      expect(inflateExactly(packed.subarray(0, at), input.length)).toBeUndefined();
    }
    expect(inflateExactly(Uint8Array.from([...packed, 0]), input.length)).toBeUndefined();
  }
});

/** What zlib makes of raw deflate data, and how much of it belongs to that. */
function zlibSays(raw: Uint8Array): { out: Buffer; used: Uint8Array } | undefined {
  try {
    const { buffer, engine } = inflateRawSync(raw, { info: true }) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    return { out: buffer, used: raw.subarray(0, engine.bytesWritten) };
  } catch {
    return undefined;
  }
}

function adler32(data: Uint8Array): number[] {
  let [a, b] = [1, 0];
  for (const byte of data) [a, b] = [(a + byte) % 65521, (b + a + byte) % 65521];
  return [b >> 8, b & 255, a >> 8, a & 255];
}

test('blocks made at random mean the same as to zlib', () => {
  const understood = { fixed: 0, dynamic: 0 };
  for (let n = 0; n < 8_000; n++) {
    const kind = n % 8 === 0 ? 'fixed' : 'dynamic';
    const raw = bytes(4 + random() * 60, () => random() * 256);
    // the last block, of this kind; few of the dynamic ones make a code
    raw[0] = ((raw[0] as number) & 0b11111000) | (kind === 'fixed' ? 0b011 : 0b101);
    const said = zlibSays(raw);
    if (!said) {
      for (const length of [0, 1, 50]) {
        expect(inflateExactly(Uint8Array.of(0x78, 0x9c, ...raw, 0, 0, 0, 1), length)).toBeUndefined();
      }
      continue;
    }
    understood[kind]++;
    const whole = Uint8Array.of(0x78, 0x9c, ...said.used, ...adler32(said.out));
    expect(Buffer.compare(inflateExactly(whole, said.out.length) as Uint8Array, said.out)).toBe(0);
  }
  expect(understood.fixed).toBeGreaterThan(20);
});
