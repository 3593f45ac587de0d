/** A linear transform of `size` values; both matrices are [size,size], by rows. */
export interface Transform {
  readonly size: number;
  readonly forward: Float64Array;
  readonly inverse: Float64Array;
}

/** The transform of a step's blocks, along one axis. Its basis vectors have unit norm: white noise keeps its sigma. */
export function blockTransform(name: 'bior1.5' | 'dct', size: number): Transform {
  return name === 'dct' ? dct(size) : bior15(size);
}

/** The orthonormal DCT-II. */
function dct(size: number): Transform {
  const forward = new Float64Array(size * size);
  const inverse = new Float64Array(size * size);
  for (let frequency = 0; frequency < size; frequency++) {
    const scale = Math.sqrt((frequency === 0 ? 1 : 2) / size);
    for (let i = 0; i < size; i++) {
      const value = scale * Math.cos((Math.PI * (2 * i + 1) * frequency) / (2 * size));
      forward[frequency * size + i] = value;
      inverse[i * size + frequency] = value;
    }
  }
  return { size, forward, inverse };
}

/**
 * The biorthogonal spline wavelet 1.5 (Cohen, Daubechies, Feauveau 1992), decomposed down to one value, periodic.
 * It is not orthogonal; the inverse undoes the scaling of the rows to unit norm.
 */
function bior15(size: number): Transform {
  const forward = new Float64Array(size * size);
  const inverse = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const unit = new Float64Array(size);
    unit[i] = 1;
    const column = analyse(unit);
    for (let row = 0; row < size; row++) forward[row * size + i] = column[row] as number;
  }
  for (let row = 0; row < size; row++) {
    const vector = forward.subarray(row * size, (row + 1) * size);
    const norm = Math.hypot(...vector);
    for (let i = 0; i < size; i++) vector[i] = (vector[i] as number) / norm;
    const unit = new Float64Array(size);
    unit[row] = norm;
    const column = synthesise(unit);
    for (let i = 0; i < size; i++) inverse[i * size + row] = column[i] as number;
  }
  return { size, forward, inverse };
}

/** How the smooth half takes in the details of pairs one and two away: the lifting form of bior1.5's ten taps. */
const LIFT_1 = 22 / 128;
const LIFT_2 = 3 / 128;

function analyse(values: Float64Array): Float64Array {
  let smooth = values;
  const out = new Float64Array(values.length);
  while (smooth.length > 1) {
    const half = smooth.length / 2;
    const sums = new Float64Array(half);
    const details = out.subarray(half, 2 * half);
    for (let i = 0; i < half; i++) {
      const [a, b] = [smooth[2 * i] as number, smooth[2 * i + 1] as number];
      sums[i] = (a + b) * Math.SQRT1_2;
      details[i] = (a - b) * Math.SQRT1_2;
    }
    smooth = sums.map((sum, i) => sum + lift(details, i));
  }
  out[0] = smooth[0] as number;
  return out;
}

function synthesise(coefficients: Float64Array): Float64Array {
  let smooth = coefficients.slice(0, 1);
  for (let half = 1; half < coefficients.length; half *= 2) {
    const details = coefficients.subarray(half, 2 * half);
    const finer = new Float64Array(2 * half);
    for (let i = 0; i < half; i++) {
      const sum = (smooth[i] as number) - lift(details, i);
      finer[2 * i] = (sum + (details[i] as number)) * Math.SQRT1_2;
      finer[2 * i + 1] = (sum - (details[i] as number)) * Math.SQRT1_2;
    }
    smooth = finer;
  }
  return smooth;
}

function lift(details: Float64Array, i: number): number {
  const n = details.length;
  const at = (position: number) => details[((position % n) + n) % n] as number;
  return LIFT_1 * (at(i + 1) - at(i - 1)) - LIFT_2 * (at(i + 2) - at(i - 2));
}

/** The Kaiser window of numpy.kaiser. */
export function kaiser(size: number, beta: number): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => {
    const position = size > 1 ? (2 * i) / (size - 1) - 1 : 0;
    return besselI0(beta * Math.sqrt(1 - position * position)) / besselI0(beta);
  });
}

/** The modified Bessel function of order 0, by its series. */
function besselI0(x: number): number {
  let sum = 0;
  for (let k = 0, term = 1; term > sum * 1e-17; k++, term *= (x / (2 * k)) ** 2) sum += term;
  return sum;
}

/**
 * The orthonormal Haar transform across the `count` blocks of a group, in place: [count,area]. `count` is a power of
 * two. Coefficients stay where the arithmetic leaves them; the order does not matter to shrinkage.
 */
export function haarAcross(group: Float32Array, count: number, area: number): void {
  for (let stride = 1; stride < count; stride *= 2) butterflies(group, count, area, stride);
}

/** Undoes `haarAcross`. */
export function inverseHaarAcross(group: Float32Array, count: number, area: number): void {
  for (let stride = count / 2; stride >= 1; stride /= 2) butterflies(group, count, area, stride);
}

/** Its own inverse. */
function butterflies(group: Float32Array, count: number, area: number, stride: number): void {
  const apart = stride * area;
  for (let block = 0; block < count; block += 2 * stride) {
    const end = block * area + area;
    for (let i = block * area; i < end; i++) {
      const a = group[i] as number;
      const b = group[i + apart] as number;
      group[i] = (a + b) * Math.SQRT1_2;
      group[i + apart] = (a - b) * Math.SQRT1_2;
    }
  }
}
