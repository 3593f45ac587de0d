/** How the colours that a mosaic's pixels lack are found from their neighbours. */
export type Demosaic = 'bilinear' | 'malvar';

/** Smallest side (px) of a mosaic: its borders are mirrored by two pixels. */
export const SMALLEST_MOSAIC = 3;

/** The colour (0 red, 1 green, 2 blue) that an RGGB mosaic has at a pixel. */
export const siteColour = (x: number, y: number) => (x % 2) + (y % 2);

type Taps = readonly (readonly [dx: number, dy: number, weight: number])[];

/** Taps of equal weight that sum to `total`. */
const even = (total: number, ...places: readonly (readonly [number, number])[]): Taps =>
  places.map(([dx, dy]) => [dx, dy, total / places.length] as const);

const turned = (taps: Taps): Taps => taps.map(([dx, dy, weight]) => [dy, dx, weight] as const);

/** By where the wanted colour is: on all four sides, left and right, or on the four corners. */
type Readings = { readonly cross: Taps; readonly horizontal: Taps; readonly diagonal: Taps };

const SIDES = [
  [-1, 0],
  [1, 0],
  [0, -1],
  [0, 1],
] as const;
const CORNERS = [
  [-1, -1],
  [1, -1],
  [-1, 1],
  [1, 1],
] as const;
const LEFT_RIGHT = [
  [-1, 0],
  [1, 0],
] as const;
const FAR_LEFT_RIGHT = [
  [-2, 0],
  [2, 0],
] as const;
const FAR_UP_DOWN = [
  [0, -2],
  [0, 2],
] as const;

const READINGS: Record<Demosaic, Readings> = {
  bilinear: { cross: even(1, ...SIDES), horizontal: even(1, ...LEFT_RIGHT), diagonal: even(1, ...CORNERS) },
  // Malvar, He and Cutler, ICASSP 2004: bilinear, corrected by the second derivative of the colour that is there.
  malvar: {
    cross: [[0, 0, 1 / 2], ...even(1, ...SIDES), ...even(-1 / 2, ...FAR_LEFT_RIGHT, ...FAR_UP_DOWN)],
    horizontal: [
      [0, 0, 5 / 8],
      ...even(1, ...LEFT_RIGHT),
      ...even(-1 / 2, ...CORNERS),
      ...even(-1 / 4, ...FAR_LEFT_RIGHT),
      ...even(1 / 8, ...FAR_UP_DOWN),
    ],
    diagonal: [[0, 0, 3 / 4], ...even(1, ...CORNERS), ...even(-3 / 4, ...FAR_LEFT_RIGHT, ...FAR_UP_DOWN)],
  },
};

/**
 * All three colours of an RGGB mosaic; linear in its values.
 *
 * @param raw [H,W], at least 3 x 3; mirrored at the borders, which keeps the pattern
 * @returns [H,W,3]
 */
export function demosaic(raw: Float64Array, width: number, height: number, method: Demosaic): Float64Array {
  const { cross, horizontal, diagonal } = READINGS[method];
  const vertical = turned(horizontal);
  const colours = new Float64Array(raw.length * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const own = siteColour(x, y);
      const read = (taps: Taps) => {
        let sum = 0;
        for (const [dx, dy, weight] of taps) {
          sum += weight * (raw[mirrored(y + dy, height) * width + mirrored(x + dx, width)] as number);
        }
        return sum;
      };
      colours[at * 3 + own] = raw[at] as number;
      if (own === 1) {
        const redRow = y % 2 === 0;
        colours[at * 3] = read(redRow ? horizontal : vertical);
        colours[at * 3 + 2] = read(redRow ? vertical : horizontal);
      } else {
        colours[at * 3 + 1] = read(cross);
        colours[at * 3 + 2 - own] = read(diagonal);
      }
    }
  }
  return colours;
}

/** Without repeating the border: -1 is 1. */
const mirrored = (place: number, length: number) => length - 1 - Math.abs(length - 1 - Math.abs(place));
