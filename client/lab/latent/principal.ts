export interface Principal {
  readonly value: number;
  /** Of length 1; its largest number is positive, so that the same matrix gives the same vector everywhere. */
  readonly vector: readonly number[];
}

const SWEEPS = 30;

/** Eigenvalues and eigenvectors of a symmetric matrix, the largest first, by Jacobi's rotations (1846). */
export function principal(matrix: readonly ArrayLike<number>[]): Principal[] {
  const size = matrix.length;
  const a = matrix.map((row) => Array.from(row));
  const v = a.map((_, i) => a.map((_, j) => (i === j ? 1 : 0)));
  const at = (m: number[][], i: number, j: number) => (m[i] as number[])[j] as number;
  const turn = (m: number[][], row: number, p: number, q: number, cos: number, sin: number) => {
    const [x, y] = [at(m, row, p), at(m, row, q)];
    (m[row] as number[])[p] = cos * x - sin * y;
    (m[row] as number[])[q] = sin * x + cos * y;
  };
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        if (at(a, p, q) === 0) continue;
        const angle = 0.5 * Math.atan2(2 * at(a, p, q), at(a, q, q) - at(a, p, p));
        const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
        for (let k = 0; k < size; k++) turn(a, k, p, q, cos, sin);
        const [rowP, rowQ] = [[...(a[p] as number[])], [...(a[q] as number[])]];
        for (let k = 0; k < size; k++) {
          (a[p] as number[])[k] = cos * (rowP[k] as number) - sin * (rowQ[k] as number);
          (a[q] as number[])[k] = sin * (rowP[k] as number) + cos * (rowQ[k] as number);
        }
        for (let k = 0; k < size; k++) turn(v, k, p, q, cos, sin);
      }
    }
  }
  return a
    .map((_, i) => ({ value: at(a, i, i), vector: positive(v.map((row) => row[i] as number)) }))
    .sort((one, other) => other.value - one.value);
}

function positive(vector: number[]): number[] {
  const largest = vector.reduce((best, value) => (Math.abs(value) > Math.abs(best) + 1e-9 ? value : best), 0);
  return largest < 0 ? vector.map((value) => -value) : vector;
}
