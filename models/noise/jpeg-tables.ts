import { AREA } from './dct.ts';

// Annex K of ITU-T T.81.
// biome-ignore format: a table
const LUMA = [
  16, 11, 10, 16, 24, 40, 51, 61,
  12, 12, 14, 19, 26, 58, 60, 55,
  14, 13, 16, 24, 40, 57, 69, 56,
  14, 17, 22, 29, 51, 87, 80, 62,
  18, 22, 37, 56, 68, 109, 103, 77,
  24, 35, 55, 64, 81, 104, 113, 92,
  49, 64, 78, 87, 103, 121, 120, 101,
  72, 92, 95, 98, 112, 100, 103, 99,
];
// biome-ignore format: a table
const CHROMA_CORNER = [
  17, 18, 24, 47,
  18, 21, 26, 66,
  24, 26, 56, 99,
  47, 66, 99, 99,
];
const CHROMA = Array.from({ length: AREA }, (_, i) => {
  const [y, x] = [Math.floor(i / 8), i % 8];
  return y < 4 && x < 4 ? (CHROMA_CORNER[y * 4 + x] as number) : 99;
});

/** Steps of the quantisation [8,8], at a quality 1..100, as libjpeg scales them. */
export function quantisationSteps(plane: 'luma' | 'chroma', quality: number): readonly number[] {
  const scale = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality;
  return (plane === 'luma' ? LUMA : CHROMA).map((step) =>
    Math.min(Math.max(Math.floor((step * scale + 50) / 100), 1), 255),
  );
}
