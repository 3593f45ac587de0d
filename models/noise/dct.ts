/** Side of a block (px), as in JPEG. */
export const SIDE = 8;

/** Coefficients of a block: the first is its mean times 8. */
export const AREA = SIDE * SIDE;

/** The orthonormal DCT-II: [frequency, position]. */
const COSINES = Float64Array.from({ length: AREA }, (_, i) => {
  const frequency = Math.floor(i / SIDE);
  const position = i % SIDE;
  const norm = Math.sqrt((frequency === 0 ? 1 : 2) / SIDE);
  return norm * Math.cos((Math.PI * frequency * (2 * position + 1)) / (2 * SIDE));
});

const halfDone = new Float64Array(AREA);

/** The separable, orthonormal DCT-II of `pixels` [8,8], written to `out` from `at` on as [vertical, horizontal]. */
export function forwardDct(pixels: Float64Array, out: Float32Array | Float64Array, at: number): void {
  for (let y = 0; y < SIDE; y++) {
    for (let frequency = 0; frequency < SIDE; frequency++) {
      let sum = 0;
      for (let x = 0; x < SIDE; x++) {
        sum += (pixels[y * SIDE + x] as number) * (COSINES[frequency * SIDE + x] as number);
      }
      halfDone[y * SIDE + frequency] = sum;
    }
  }
  for (let frequency = 0; frequency < SIDE; frequency++) {
    for (let x = 0; x < SIDE; x++) {
      let sum = 0;
      for (let y = 0; y < SIDE; y++) {
        sum += (halfDone[y * SIDE + x] as number) * (COSINES[frequency * SIDE + y] as number);
      }
      out[at + frequency * SIDE + x] = sum;
    }
  }
}

/** The inverse of `forwardDct`: `coefficients` [8,8] become pixels, in place. */
export function inverseDct(coefficients: Float64Array): void {
  for (let frequency = 0; frequency < SIDE; frequency++) {
    for (let x = 0; x < SIDE; x++) {
      let sum = 0;
      for (let other = 0; other < SIDE; other++) {
        sum += (coefficients[frequency * SIDE + other] as number) * (COSINES[other * SIDE + x] as number);
      }
      halfDone[frequency * SIDE + x] = sum;
    }
  }
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      let sum = 0;
      for (let frequency = 0; frequency < SIDE; frequency++) {
        sum += (halfDone[frequency * SIDE + x] as number) * (COSINES[frequency * SIDE + y] as number);
      }
      coefficients[y * SIDE + x] = sum;
    }
  }
}
