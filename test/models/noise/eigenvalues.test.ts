import { expect, it } from 'vitest';
import { eigenvalues, type Symmetric3 } from '../../../models/noise/eigenvalues.ts';

it.each<[Symmetric3, number[]]>([
  [
    [3, 1, 2, 0, 0, 0],
    [3, 2, 1],
  ],
  [
    [2, 2, 2, 0, 0, 0],
    [2, 2, 2],
  ],
  [
    [2, 2, 5, 1, 0, 0],
    [5, 3, 1],
  ],
  [
    [1, 1, 1, 1, 1, 1],
    [3, 0, 0],
  ],
  [
    [0, 0, 0, 0, 0, 0],
    [0, 0, 0],
  ],
])('of %j are %j', (matrix, expected) => {
  eigenvalues(matrix).forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i] as number, 6);
  });
});

it('are roots of the characteristic polynomial', () => {
  const [xx, yy, zz, xy, yz, xz] = [4.2, 1.7, 3.1, 0.8, -0.6, 1.1] as const;
  for (const root of eigenvalues([xx, yy, zz, xy, yz, xz])) {
    const [a, b, c] = [xx - root, yy - root, zz - root];
    expect(a * (b * c - yz * yz) - xy * (xy * c - yz * xz) + xz * (xy * yz - b * xz)).toBeCloseTo(0, 9);
  }
});
