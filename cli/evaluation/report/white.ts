import { COLOUR_METHODS, GREY_METHODS, type Method, NOTES, REPORTED_SIGMAS } from '../literature.ts';
import type { Cell } from '../measurements.ts';
import { mean } from '../score.ts';
import { COLUMNS, type Column, type Told, WHITE } from '../tasks.ts';
import { type Entry, gmacsOf, mainCells, millions, nameOf, quality, setsOf } from './entry.ts';
import { decimal, NOTHING, table } from './markdown.ts';

const COLUMN_WORDS: Record<Column, string> = {
  float: 'Noise neither clipped nor rounded, as in the literature',
  '8-bit': 'Noise clipped and rounded to 8 bits, as in a file',
};

const PROTOCOL =
  "PSNR in dB / SSIM, means over images. White Gaussian noise on the scale of 0 to 255, seeded by the image's place in " +
  'the order of names. Outputs are clipped and rounded to 8 bits; all pixels and channels count, no border is cropped; ' +
  'grey sets stay grey. SSIM has the Gaussian window of its authors. Models are told sigma, but for blind ones. Ours ' +
  'are in bold; the published figures are those that the authors report, for noise neither clipped nor rounded.';

/** Markdown: per set, ours beside what is published, at these levels of noise. */
export function whiteReport(entries: readonly Entry[], sigmas: readonly number[]): string {
  const white = entries
    .map((entry) => ({ ...entry, cells: entry.cells.filter(({ noise }) => noise === WHITE) }))
    .filter(({ cells }) => cells.length > 0);
  if (white.length === 0) return '';
  const sets = setsOf(white.flatMap(({ cells }) => cells));
  return [PROTOCOL, ...sets.map((set) => setSection(set, white, sigmas)), ...costs(white)].join('\n\n');
}

function setSection(set: string, entries: readonly Entry[], sigmas: readonly number[]): string {
  const ours = entries
    .map((entry) => ({ ...entry, cells: mainCells(entry).filter((cell) => cell.set === set) }))
    .filter(({ cells }) => cells.length > 0);
  const images = Math.max(...ours.flatMap(({ cells }) => cells.map((cell) => cell.images)));
  const estimated = autoRows(ours);
  return [
    `### ${set} (${images} images)`,
    ...COLUMNS.flatMap((column) => columnTable(column, set, ours, sigmas)),
    ...(NOTES[set] ? [NOTES[set]] : []),
    ...(estimated.length > 1 ? ['With sigma estimated from each image instead of told:', table(estimated)] : []),
  ].join('\n\n');
}

function columnTable(column: Column, set: string, entries: readonly Entry[], sigmas: readonly number[]): string[] {
  const told: readonly Told[] = ['known', 'blind'];
  const ours = entries
    .map(({ card, cells }) => {
      const own = cells.filter((cell) => cell.column === column && told.includes(cell.told));
      return { card, cells: sigmas.map((sigma) => own.find(({ level }) => level === sigma)) };
    })
    .filter(({ cells }) => cells.some((cell) => cell !== undefined))
    .sort(weakFiltersFirst);
  if (ours.length === 0) return [];
  const published = [...COLOUR_METHODS, ...GREY_METHODS].filter((method) => column === 'float' && method.sets[set]);
  return [
    `${COLUMN_WORDS[column]}:`,
    table([
      ['method', 'parameters', 'GMACs at 256 x 256', ...sigmas.map((sigma) => `sigma ${sigma}`)],
      ...published.map((method) => methodRow(method, set, sigmas)),
      ...ours.map(({ card, cells }) => [
        nameOf(card),
        millions(card),
        decimal(gmacsOf(card), 1),
        ...cells.map((cell) => quality(cell)),
      ]),
    ]),
  ];
}

interface Row extends Pick<Entry, 'card'> {
  readonly cells: readonly (Cell | undefined)[];
}

/** Networks are in the order of what they take; filters, which all take little, of what they give. */
function weakFiltersFirst(a: Row, b: Row): number {
  if (a.card.family !== 'filter' || b.card.family !== 'filter') return 0;
  const common = a.cells.findIndex((cell, i) => cell && b.cells[i]);
  return (a.cells[common]?.psnr ?? 0) - (b.cells[common]?.psnr ?? 0);
}

function methodRow(method: Method, set: string, sigmas: readonly number[]): string[] {
  const { name, parameters, gmacs } = method;
  const reported = sigmas.map((sigma) => decimal(method.sets[set]?.[REPORTED_SIGMAS.indexOf(sigma)], 2));
  return [name, parameters ? `${parameters} M` : NOTHING, gmacs ? String(gmacs) : NOTHING, ...reported];
}

/** What the estimate of sigma loses. */
function autoRows(entries: readonly Entry[]): string[][] {
  const rows = entries.flatMap(({ card, cells }) =>
    cells
      .filter(({ told }) => told === 'auto')
      .map((auto) => {
        const same = (cell: Cell) => cell.column === auto.column && cell.level === auto.level;
        const known = cells.find((cell) => cell.told === 'known' && same(cell));
        const loss = known && known.psnr - auto.psnr;
        return [
          nameOf(card),
          auto.column,
          decimal(auto.level, 0),
          decimal(auto.sigma, 1),
          quality(auto),
          decimal(loss, 2),
        ];
      }),
  );
  return [['method', 'noise', 'sigma', 'mean estimate', 'PSNR / SSIM', 'loss, dB'], ...rows];
}

/** What the smaller weights cost, where both were run. */
function costs(entries: readonly Entry[]): string[] {
  const rows = entries.flatMap(({ card, cells }) => {
    const pairs = cells
      .filter(({ precision }) => precision === 'q8')
      .map((small) => ({ small, full: cells.find((cell) => cell.precision === 'f16' && isSameTask(cell, small)) }));
    const lost = pairs.flatMap(({ small, full }) => (full ? [full.psnr - small.psnr] : []));
    if (lost.length === 0) return [];
    return [`${card.id} mean ${mean(lost).toFixed(3)} dB, most ${Math.max(...lost).toFixed(3)} dB`];
  });
  if (rows.length === 0) return [];
  return [`Weights of 8 bits (q8) instead of 16 (f16) cost, over what was run with both: ${rows.join('; ')}.`];
}

function isSameTask(a: Cell, b: Cell): boolean {
  return a.set === b.set && a.column === b.column && a.level === b.level && a.told === b.told;
}
