import { expect, test } from 'vitest';
import { floatOfHalf, unpackHalves } from '../../models/float16.ts';

const ALL = 65_536;

test('all numbers of 16 bits are read right, one by one and in a row', () => {
  const view = new DataView(new ArrayBuffer(2 * ALL + 1));
  // at an odd place, as in the middle of a file
  for (let bits = 0; bits < ALL; bits++) view.setUint16(1 + 2 * bits, bits, true);
  const unpacked = new Float32Array(ALL);
  unpackHalves(new Uint8Array(view.buffer), 1, unpacked);
  for (let bits = 0; bits < ALL; bits++) {
    const expected = view.getFloat16(1 + 2 * bits, true);
    expect(Object.is(floatOfHalf(bits), expected), `${bits}`).toBe(true);
    expect(Object.is(unpacked[bits], expected), `${bits} in a row`).toBe(true);
  }
});
