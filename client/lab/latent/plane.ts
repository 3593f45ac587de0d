/** How far the plane reaches, in standard deviations: codes are about normal, so more is next to nobody's. */
export const REACH = 3;
/** Pictures across and down. */
export const ACROSS = 13;
const STEP = (2 * REACH) / (ACROSS - 1);

export interface Plane {
  /** The code in the middle. */
  readonly base: Float32Array;
  readonly directions: readonly [Float32Array, Float32Array];
}

/** The code at a point of the plane. */
export function codeAt({ base, directions: [first, second] }: Plane, x: number, y: number): Float32Array {
  return base.map((value, i) => value + x * (first[i] as number) + y * (second[i] as number));
}

/** Codes of the pictures in the background, row by row, up is more. */
export function gridCodes(plane: Plane): Float32Array[] {
  return Array.from({ length: ACROSS * ACROSS }, (_, i) =>
    codeAt(plane, (i % ACROSS) * STEP - REACH, REACH - Math.floor(i / ACROSS) * STEP),
  );
}

/** Equal steps from one code to another, both included. */
export function between(from: Float32Array, to: Float32Array, count: number): Float32Array[] {
  return Array.from({ length: count }, (_, step) => {
    const part = step / (count - 1);
    return from.map((value, i) => value + part * ((to[i] as number) - value));
  });
}

/** Where a point lies on the square, 0..1 from its left or lower edge: the outer pictures' middles are at REACH. */
export const partOf = (value: number) => (value + REACH + STEP / 2) / (2 * REACH + STEP);

export const valueAt = (part: number) => clamp(part * (2 * REACH + STEP) - REACH - STEP / 2);

export const clamp = (value: number) => Math.min(REACH, Math.max(-REACH, Number(value.toFixed(2))));
