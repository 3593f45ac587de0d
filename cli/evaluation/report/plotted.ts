import { COLOUR_METHODS, REPORTED_SIGMAS } from '../literature.ts';
import { WHITE } from '../tasks.ts';
import { type Entry, gmacsOf, mainCells } from './entry.ts';

/** What both plots are of: the set and the noise that most papers report. */
export const PLOTTED_SET = 'CBSD68';
export const PLOTTED_SIGMA = 25;

export interface Point {
  readonly name: string;
  readonly gmacs: number;
  readonly psnr: number;
  readonly ours: boolean;
}

/** PSNR against cost, ours beside the published ones whose cost is known. */
export function costPoints(entries: readonly Entry[]): Point[] {
  const published = COLOUR_METHODS.flatMap(({ name, gmacs, sets }) => {
    const psnr = sets[PLOTTED_SET]?.[REPORTED_SIGMAS.indexOf(PLOTTED_SIGMA)];
    return gmacs && psnr ? [{ name, gmacs, psnr, ours: false }] : [];
  });
  const ours = entries.flatMap((entry) => {
    const gmacs = gmacsOf(entry.card);
    const cell = plotted(entry).find(({ level }) => level === PLOTTED_SIGMA);
    return gmacs && cell ? [{ name: entry.card.id, gmacs, psnr: cell.psnr, ours: true }] : [];
  });
  return [...published, ...ours];
}

export interface Line {
  readonly name: string;
  readonly ours: boolean;
  readonly points: readonly { readonly sigma: number; readonly psnr: number }[];
}

/** PSNR against the strength of the noise: what is classical beside our tiers. */
export function noiseLines(entries: readonly Entry[]): Line[] {
  return entries
    .filter(({ card }) => card.family === 'filter' || card.family === 'tier')
    .map((entry) => ({
      name: entry.card.id,
      ours: entry.card.family === 'tier',
      points: plotted(entry)
        .map(({ level = 0, psnr }) => ({ sigma: level, psnr }))
        .sort((a, b) => a.sigma - b.sigma),
    }))
    .filter(({ points }) => points.length > 1);
}

/** Like the published ones, told sigma: what is blind, or made for other noise, is in the tables. */
function plotted(entry: Entry) {
  return mainCells(entry).filter(
    ({ noise, set, column, told }) => noise === WHITE && set === PLOTTED_SET && column === 'float' && told === 'known',
  );
}
