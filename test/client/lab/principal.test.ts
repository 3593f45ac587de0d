import { expect, test } from 'vitest';
import { between, codeAt, gridCodes, partOf, valueAt } from '../../../client/lab/latent/plane.ts';
import { principal } from '../../../client/lab/latent/principal.ts';
import { gaussianNoise } from '../../../models/noise/add.ts';

test('eigenvectors of a symmetric matrix, the largest first', () => {
  const size = 20;
  const random = gaussianNoise(size * size, 1);
  const matrix = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => (random[i * size + j] as number) + (random[j * size + i] as number)),
  );
  const found = principal(matrix);
  expect(found).toHaveLength(size);
  for (const [i, { value, vector }] of found.entries()) {
    expect(value).toBeLessThanOrEqual(found[i - 1]?.value ?? Number.POSITIVE_INFINITY);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 10);
    for (const [row, numbers] of matrix.entries()) {
      const product = numbers.reduce((sum, number, j) => sum + number * (vector[j] as number), 0);
      expect(product).toBeCloseTo(value * (vector[row] as number), 8);
    }
    expect(Math.max(...vector)).toBe(Math.max(...vector.map(Math.abs)));
  }
});

test('the plane: its codes, and where they are on the square', () => {
  const base = Float32Array.of(1, 0, 0);
  const plane = { base, directions: [Float32Array.of(0, 1, 0), Float32Array.of(0, 0, 1)] } as const;
  expect([...codeAt(plane, 2, -1)]).toEqual([1, 2, -1]);
  const grid = gridCodes(plane);
  expect([...(grid[0] as Float32Array)]).toEqual([1, -3, 3]);
  expect([...(grid.at(-1) as Float32Array)]).toEqual([1, 3, -3]);
  for (const value of [-3, -0.45, 0, 3]) expect(valueAt(partOf(value))).toBeCloseTo(value, 10);
  expect(valueAt(-1)).toBe(-3);
  const walk = between(Float32Array.of(0), Float32Array.of(1), 5);
  expect(walk.map(([number]) => number)).toEqual([0, 0.25, 0.5, 0.75, 1]);
});
