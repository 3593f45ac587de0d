import { STEPS } from './tables.ts';

/** The tables of ITU-T T.81, annex K, for brightness and colour, row by row: those that every `quality` scales. */
const BRIGHTNESS = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51,
  87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101,
  72, 92, 95, 98, 112, 100, 103, 99,
];
const COLOUR_CORNER = [17, 18, 24, 47, 18, 21, 26, 66, 24, 26, 56, 99, 47, 66, 99, 99];
const COLOUR = Array.from({ length: STEPS }, (_, i) =>
  i < 32 && i % 8 < 4 ? (COLOUR_CORNER[(i >> 3) * 4 + (i % 8)] as number) : 99,
);

/** Places of an 8x8 block, row by row, in the order of zigzag: by diagonals, each in the other direction. */
const ZIGZAG = Array.from({ length: STEPS }, (_, i) => i).sort((a, b) => {
  const [rowA, columnA, rowB, columnB] = [a >> 3, a & 7, b >> 3, b & 7];
  const diagonal = rowA + columnA;
  if (diagonal !== rowB + columnB) return diagonal - rowB - columnB;
  return diagonal % 2 ? rowA - rowB : rowB - rowA;
});

const BEST = 100;
const MAX_STEP = 32767;

/** A step at a quality of 1..100, as libjpeg has it. */
function stepAt(base: number, quality: number): number {
  const percent = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality;
  return Math.min(MAX_STEP, Math.max(1, Math.floor((base * percent + 50) / 100)));
}

export interface Quality {
  readonly brightness: number;
  readonly colour: number;
}

/**
 * The lowest qualities at which no step is coarser than the file's own: the file's quality, where libjpeg made it;
 * a little more, where an encoder has tables of its own.
 *
 * @param steps of each component, in zigzag order.
 */
export function qualityOf([first, ...others]: readonly Uint16Array[]): Quality {
  return { brightness: lowest(BRIGHTNESS, [first as Uint16Array]), colour: lowest(COLOUR, others) };
}

function lowest(base: readonly number[], tables: readonly Uint16Array[]): number {
  const finest = ZIGZAG.map((_, i) => Math.min(...tables.map((table) => table[i] as number)));
  const suffices = (quality: number) =>
    ZIGZAG.every((place, i) => stepAt(base[place] as number, quality) <= (finest[i] as number));
  let quality = 1;
  while (quality < BEST && !suffices(quality)) quality++;
  return quality;
}
