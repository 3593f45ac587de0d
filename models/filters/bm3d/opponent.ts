import type { Plane } from '../planes.ts';

/** How much of the noise in R, G and B the opponent colours have: the norms of the rows that make them. */
export const OPPONENT_GAINS = [Math.sqrt(1 / 3), Math.sqrt(1 / 2), Math.sqrt(3 / 8)] as const;

/** R, G, B -> Y = (R+G+B)/3, U = (R-B)/2, V = (R-2G+B)/4. */
export function toOpponent(planes: readonly Plane[]): Plane[] {
  return mix(planes, (r, g, b) => [(r + g + b) / 3, (r - b) / 2, (r - 2 * g + b) / 4]);
}

export function fromOpponent(planes: readonly Plane[]): Plane[] {
  return mix(planes, (y, u, v) => [y + u + (2 / 3) * v, y - (4 / 3) * v, y - u + (2 / 3) * v]);
}

function mix(planes: readonly Plane[], of: (a: number, b: number, c: number) => [number, number, number]): Plane[] {
  const out = planes.map((plane) => ({ ...plane, data: new Float32Array(plane.data.length) }));
  const [a, b, c] = planes.map((plane) => plane.data) as [Float32Array, Float32Array, Float32Array];
  for (let i = 0; i < a.length; i++) {
    const mixed = of(a[i] as number, b[i] as number, c[i] as number);
    for (let p = 0; p < mixed.length; p++) (out[p] as Plane).data[i] = mixed[p] as number;
  }
  return out;
}
