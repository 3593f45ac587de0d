import { expect, test } from 'vitest';
import { floatOfHalf, halfOfFloat, unpackHalves } from '../../models/float16.ts';

const ALL = 65_536;

test('all numbers of 16 bits are read right, one by one and in a row, and come back as they were', () => {
  const view = new DataView(new ArrayBuffer(2 * ALL + 1));
  // at an odd place, as in the middle of a file
  for (let bits = 0; bits < ALL; bits++) view.setUint16(1 + 2 * bits, bits, true);
  const unpacked = new Float32Array(ALL);
  unpackHalves(new Uint8Array(view.buffer), 1, unpacked);
  for (let bits = 0; bits < ALL; bits++) {
    const expected = view.getFloat16(1 + 2 * bits, true);
    expect(Object.is(floatOfHalf(bits), expected), `${bits}`).toBe(true);
    expect(Object.is(unpacked[bits], expected), `${bits} in a row`).toBe(true);
    if (!Number.isNaN(expected)) expect(halfOfFloat(expected)).toBe(bits);
  }
});

test('what lies between two halves goes to the nearer, at a tie to the even one', () => {
  const view = new DataView(new ArrayBuffer(2)) as DataView & { setFloat16(at: number, value: number): void };
  const between = [1 + 2 ** -11, 1 + 3 * 2 ** -11, 1.0007, 65_519, 65_520, 1e9, 2 ** -25, 3 * 2 ** -26, 5e-7, -0.1];
  for (const value of between) {
    view.setFloat16(0, value);
    expect(halfOfFloat(value), String(value)).toBe(view.getUint16(0));
  }
  expect(floatOfHalf(halfOfFloat(Number.NaN))).toBeNaN();
});
