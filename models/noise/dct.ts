/** Side of a block (px), as in JPEG. */
export const SIDE = 8;

/** Coefficients of a block: the first is its mean times 8. */
export const AREA = SIDE * SIDE;

/** sqrt(2 / SIDE) cos(k pi / 16), of the orthonormal DCT-II; C4 serves the frequency 0 as well. */
const [C1, C2, C3, C4, C5, C6, C7] = [1, 2, 3, 4, 5, 6, 7].map((k) => Math.cos((k * Math.PI) / 16) / 2) as Seven;
type Seven = [number, number, number, number, number, number, number];

const halfDone = new Float64Array(AREA);

/** The separable, orthonormal DCT-II of `pixels` [8,8], written to `out` from `at` on as [vertical, horizontal]. */
export function forwardDct(pixels: Float64Array, out: Float32Array | Float64Array, at: number): void {
  for (let y = 0; y < SIDE; y++) forwardLine(pixels, y * SIDE, halfDone, y * SIDE, 1);
  for (let x = 0; x < SIDE; x++) forwardLine(halfDone, x, out, at + x, SIDE);
}

/** The inverse of `forwardDct`: `coefficients` [8,8] become pixels, in place. */
export function inverseDct(coefficients: Float64Array): void {
  for (let x = 0; x < SIDE; x++) inverseLine(coefficients, x, halfDone, x, SIDE);
  for (let y = 0; y < SIDE; y++) inverseLine(halfDone, y * SIDE, coefficients, y * SIDE, 1);
}

/**
 * Cosines of even frequencies are the same from both ends, those of odd ones have the other sign: sums and differences
 * of opposite values halve the multiplications, and the sums once more.
 */
function forwardLine(
  line: Float64Array,
  from: number,
  out: Float32Array | Float64Array,
  to: number,
  step: number,
): void {
  const a = line[from] as number;
  const h = line[from + 7 * step] as number;
  const b = line[from + step] as number;
  const g = line[from + 6 * step] as number;
  const c = line[from + 2 * step] as number;
  const f = line[from + 5 * step] as number;
  const d = line[from + 3 * step] as number;
  const e = line[from + 4 * step] as number;
  const s0 = a + h;
  const s1 = b + g;
  const s2 = c + f;
  const s3 = d + e;
  const d0 = a - h;
  const d1 = b - g;
  const d2 = c - f;
  const d3 = d - e;
  out[to] = C4 * (s0 + s3 + (s1 + s2));
  out[to + 4 * step] = C4 * (s0 + s3 - (s1 + s2));
  out[to + 2 * step] = C2 * (s0 - s3) + C6 * (s1 - s2);
  out[to + 6 * step] = C6 * (s0 - s3) - C2 * (s1 - s2);
  out[to + step] = C1 * d0 + C3 * d1 + C5 * d2 + C7 * d3;
  out[to + 3 * step] = C3 * d0 - C7 * d1 - C1 * d2 - C5 * d3;
  out[to + 5 * step] = C5 * d0 - C1 * d1 + C7 * d2 + C3 * d3;
  out[to + 7 * step] = C7 * d0 - C5 * d1 + C3 * d2 - C1 * d3;
}

function inverseLine(line: Float64Array, from: number, out: Float64Array, to: number, step: number): void {
  const f0 = C4 * (line[from] as number);
  const f4 = C4 * (line[from + 4 * step] as number);
  const f2 = line[from + 2 * step] as number;
  const f6 = line[from + 6 * step] as number;
  const f1 = line[from + step] as number;
  const f3 = line[from + 3 * step] as number;
  const f5 = line[from + 5 * step] as number;
  const f7 = line[from + 7 * step] as number;
  const outer = C2 * f2 + C6 * f6;
  const inner = C6 * f2 - C2 * f6;
  const s0 = f0 + f4 + outer;
  const s1 = f0 - f4 + inner;
  const s2 = f0 - f4 - inner;
  const s3 = f0 + f4 - outer;
  const d0 = C1 * f1 + C3 * f3 + C5 * f5 + C7 * f7;
  const d1 = C3 * f1 - C7 * f3 - C1 * f5 - C5 * f7;
  const d2 = C5 * f1 - C1 * f3 + C7 * f5 + C3 * f7;
  const d3 = C7 * f1 - C5 * f3 + C3 * f5 - C1 * f7;
  out[to] = s0 + d0;
  out[to + step] = s1 + d1;
  out[to + 2 * step] = s2 + d2;
  out[to + 3 * step] = s3 + d3;
  out[to + 4 * step] = s3 - d3;
  out[to + 5 * step] = s2 - d2;
  out[to + 6 * step] = s1 - d1;
  out[to + 7 * step] = s0 - d0;
}
