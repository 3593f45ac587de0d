import { REAL_METHODS, REAL_SETS } from '../literature.ts';
import type { Cell } from '../measurements.ts';
import { GRID, REAL } from '../tasks.ts';
import { type Entry, mainCells, nameOf, quality, setsOf } from './entry.ts';
import { decimal, NOTHING, table } from './markdown.ts';

/** Markdown: photographs as cameras made them. */
export function realReport(entries: readonly Entry[]): string {
  const ours = entries
    .map((entry) => ({ ...entry, cells: mainCells(entry).filter(({ noise }) => noise === REAL) }))
    .filter(({ cells }) => cells.length > 0);
  if (ours.length === 0) return '';
  const sections = setsOf(ours.flatMap(({ cells }) => cells)).map((set) => setSection(set, ours));
  return [
    'Nothing is told of the noise: sigma is estimated, or the model is blind. PSNR in dB / SSIM of 8-bit files, means ' +
      'over photographs.',
    ...sections,
    published(),
  ].join('\n\n');
}

function setSection(set: string, entries: readonly Entry[]): string {
  const ours = entries.map(({ card, cells }) => ({ card, cells: cells.filter((cell) => cell.set === set) }));
  const [any] = ours.flatMap(({ cells }) => cells) as [Cell, ...Cell[]];
  return [
    `### ${set} (${any.images} photographs)`,
    table([
      ['method', 'PSNR / SSIM', 'mean sigma'],
      ['noisy', decimal(any.noisy, 2), NOTHING],
      ...ours.flatMap(({ card, cells }) =>
        cells
          .filter(({ told }) => told === 'auto' || told === 'blind')
          .map((cell) => [nameOf(card), quality(cell), decimal(cell.sigma, 1)]),
      ),
      ...ours.flatMap(({ card, cells }) => references(nameOf(card), cells)),
    ]),
  ].join('\n\n');
}

/** What no estimate can tell: only someone who has the clean photographs can choose so. */
function references(name: string, cells: readonly Cell[]): string[][] {
  const grid = cells.filter(({ told }) => typeof told === 'number');
  const single = grid.reduce<Cell | undefined>(
    (best, cell) => (best && best.psnr >= cell.psnr ? best : cell),
    undefined,
  );
  const each = cells.find(({ told }) => told === 'best');
  return [
    ...(single ? [[`${name}, best single sigma for all`, quality(single), decimal(single.sigma, 0)]] : []),
    ...(each ? [[`${name}, best sigma for each of ${range()}, or none`, quality(each), decimal(each.sigma, 1)]] : []),
  ];
}

const range = () => `${GRID[0]}, ${GRID[1]}, … ${GRID.at(-1)}`;

/** On sets that are not ours to show, or kept aside to judge by. */
function published(): string {
  const rows = REAL_METHODS.map(({ name, psnr }) => [
    name,
    ...REAL_SETS.map((set) => {
      const value = psnr[set];
      return typeof value === 'object' ? `${value.unsure.toFixed(2)}*` : decimal(value, 2);
    }),
  ]);
  return [
    'Published figures on other photographs, PSNR in dB; those with a star are quoted at second hand. They compare ' +
      'methods with each other, not with the figures above: the benchmarks of SIDD and DND keep their clean ' +
      'photographs to themselves.',
    table([['method', ...REAL_SETS], ...rows]),
  ].join('\n\n');
}
