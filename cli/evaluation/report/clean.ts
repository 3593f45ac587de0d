import { NONE } from '../tasks.ts';
import { type Entry, mainCells, nameOf, setsOf } from './entry.ts';
import { decimal, NOTHING, table } from './markdown.ts';

/** Markdown: what happens to photographs that have nothing to remove. */
export function cleanReport(entries: readonly Entry[]): string {
  const ours = entries
    .map((entry) => ({ ...entry, cells: mainCells(entry).filter(({ noise }) => noise === NONE) }))
    .filter(({ cells }) => cells.length > 0);
  if (ours.length === 0) return '';
  const sets = setsOf(ours.flatMap(({ cells }) => cells));
  return [
    'Clean photographs, of which nothing is told: images that come out as they went in, and PSNR in dB of the output ' +
      'against the input, of the mean error over all images (above 40 dB, hardly anyone sees a difference).',
    table([
      ['method', ...sets.flatMap((set) => [`${set}: left alone`, 'PSNR'])],
      ...ours.map(({ card, cells }) => [
        nameOf(card),
        ...sets.flatMap((set) => {
          const cell = cells.find((each) => each.set === set);
          return cell ? [`${cell.untouched} of ${cell.images}`, decimal(cell.psnr, 2)] : [NOTHING, NOTHING];
        }),
      ]),
    ]),
  ].join('\n\n');
}
