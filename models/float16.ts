// IEEE 754 binary16 by hand: JavaScript has Float16Array and DataView's getFloat16 only since 2025.

const HALF_BYTES = 2;
/** The exponents of float32 begin 112 lower, and its fractions are 13 bits longer. */
const REBIAS = 112 << 10;
const LONGER = 13;

/** The number that 16 bits stand for. */
export function floatOfHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Fills `into` with float16 values, little endian, from `bytes` at `at` on. As `floatOfHalf`, by moving bits. */
export function unpackHalves(bytes: Uint8Array, at: number, into: Float32Array): void {
  const words = new Uint32Array(into.buffer, into.byteOffset, into.length);
  for (let i = 0; i < words.length; i++) {
    const from = at + i * HALF_BYTES;
    const bits = (bytes[from] as number) | ((bytes[from + 1] as number) << 8);
    const exponent = bits & 0x7c00;
    if (exponent === 0 || exponent === 0x7c00) into[i] = floatOfHalf(bits);
    else words[i] = ((bits & 0x8000) << 16) | (((bits & 0x7fff) + REBIAS) << LONGER);
  }
}

/** The nearest, ties to the even one; what is too large becomes infinite. */
export function halfOfFloat(value: number): number {
  const size = Math.abs(value);
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= 65_520) return sign | 0x7c00;
  // steps of the exponent that the value has, or of the smallest; the last rounds up to the next exponent by itself
  const exponent = Math.max(Math.floor(Math.log2(size)), -14);
  const steps = roundToEven(size * 2 ** (10 - exponent));
  const bits = steps + (exponent + 14) * 1024;
  return size === 0 ? sign : sign | bits;
}

export function halvesOf(values: Float32Array): Uint16Array<ArrayBuffer> {
  return Uint16Array.from(values, halfOfFloat);
}

function roundToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
