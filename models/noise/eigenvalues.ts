/** Upper triangle of a symmetric 3x3 matrix: xx, yy, zz, xy, yz, xz. */
export type Symmetric3 = readonly [number, number, number, number, number, number];

/** The three eigenvalues, descending, in closed form (O. K. Smith, Communications of the ACM 4, 1961). */
export function eigenvalues([xx, yy, zz, xy, yz, xz]: Symmetric3): [number, number, number] {
  const mean = (xx + yy + zz) / 3;
  const [a, b, c] = [xx - mean, yy - mean, zz - mean];
  const spread = Math.sqrt((a * a + b * b + c * c + 2 * (xy * xy + yz * yz + xz * xz)) / 6);
  if (spread === 0) return [mean, mean, mean];
  const determinant = a * (b * c - yz * yz) - xy * (xy * c - yz * xz) + xz * (xy * yz - b * xz);
  const cosine = Math.min(1, Math.max(-1, determinant / (2 * spread ** 3)));
  const angle = Math.acos(cosine) / 3;
  const high = mean + 2 * spread * Math.cos(angle);
  const low = mean + 2 * spread * Math.cos(angle + (2 * Math.PI) / 3);
  return [high, 3 * mean - high - low, low];
}
