import type { Plane } from './planes.ts';

/** One level of the orthonormal 2D Haar transform: four bands of half the sides, rounded up. */
export interface HaarBands {
  readonly smooth: Plane;
  /** Details along x, along y, and along both. */
  readonly details: readonly [Plane, Plane, Plane];
}

/** Where a side is odd its last pixel is repeated. */
export function analyse({ data, width, height }: Plane): HaarBands {
  const half = { width: (width + 1) >> 1, height: (height + 1) >> 1 };
  const band = (): Plane => ({ ...half, data: new Float32Array(half.width * half.height) });
  const [smooth, across, down, diagonal] = [band(), band(), band(), band()];
  for (let y = 0, to = 0; y < half.height; y++) {
    const upper = 2 * y * width;
    const lower = 2 * y + 1 < height ? upper + width : upper;
    for (let x = 0; x < half.width; x++, to++) {
      const left = 2 * x;
      const right = left + 1 < width ? left + 1 : left;
      const a = data[upper + left] as number;
      const b = data[upper + right] as number;
      const c = data[lower + left] as number;
      const d = data[lower + right] as number;
      smooth.data[to] = (a + b + c + d) / 2;
      across.data[to] = (a - b + c - d) / 2;
      down.data[to] = (a + b - c - d) / 2;
      diagonal.data[to] = (a - b - c + d) / 2;
    }
  }
  return { smooth, details: [across, down, diagonal] };
}

/** Undoes `analyse`, into a plane of the given sides. */
export function synthesise(smooth: Plane, details: HaarBands['details'], width: number, height: number): Plane {
  const [across, down, diagonal] = details;
  const data = new Float32Array(width * height);
  for (let y = 0, to = 0; y < height; y++) {
    const vertical = y % 2 === 0 ? 1 : -1;
    for (let x = 0; x < width; x++, to++) {
      const from = (y >> 1) * smooth.width + (x >> 1);
      const horizontal = x % 2 === 0 ? 1 : -1;
      const rowPart = (smooth.data[from] as number) + vertical * (down.data[from] as number);
      const columnPart = (across.data[from] as number) + vertical * (diagonal.data[from] as number);
      data[to] = (rowPart + horizontal * columnPart) / 2;
    }
  }
  return { data, width, height };
}
