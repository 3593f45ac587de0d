import { NOISE_KINDS } from '../../../models/noise/kinds.ts';
import type { Cell } from '../measurements.ts';
import { shownLevel } from '../tasks.ts';
import { type Entry, mainCells, nameOf, setsOf } from './entry.ts';
import { decimal, table } from './markdown.ts';

/** Markdown: each model on each kind of noise. */
export function kindsReport(entries: readonly Entry[]): string {
  const names = NOISE_KINDS.map(({ name }) => name);
  const ours = entries
    .map((entry) => ({ ...entry, cells: mainCells(entry).filter(({ noise }) => names.includes(noise)) }))
    .filter(({ cells }) => cells.length > 0);
  if (ours.length === 0) return '';
  return [
    'PSNR in dB of 8-bit files: models find out themselves what noise there is, by the estimate of sigma or blind. ' +
      'Gaussian noise and noise that depends on brightness is what most of them are made for; what is neither shows ' +
      'what to expect of them on pictures from anywhere.',
    ...setsOf(ours.flatMap(({ cells }) => cells)).map((set) => setSection(set, ours)),
  ].join('\n\n');
}

function setSection(set: string, entries: readonly Entry[]): string {
  const ours = entries
    .map(({ card, cells }) => ({ card, cells: cells.filter((cell) => cell.set === set) }))
    .filter(({ cells }) => cells.length > 0);
  const all = ours.flatMap(({ cells }) => cells);
  const kinds = NOISE_KINDS.filter(({ name }) => all.some(({ noise }) => noise === name));
  const row = (name: string, cells: readonly Cell[], value: (cell: Cell) => number) => [
    name,
    ...kinds.map((kind) => {
      const cell = cells.find(({ noise, level }) => noise === kind.name && level === shownLevel(kind));
      return decimal(cell && value(cell), 2);
    }),
  ];
  const levels = kinds.map((kind) => `${kind.name}: ${kind.title}, ${kind.parameter} ${shownLevel(kind)}`);
  return [
    `### ${set} (first ${Math.max(...all.map(({ images }) => images))} images)`,
    table([
      ['method', ...kinds.map(({ name }) => name)],
      row('noisy', all, ({ noisy }) => noisy),
      ...ours.map(({ card, cells }) => row(nameOf(card), cells, ({ psnr }) => psnr)),
    ]),
    `${levels.join('; ')}.`,
  ].join('\n\n');
}
