import { filesToRun, type ModelCard } from '../../../models/card.ts';
import { type Entry, gmacsOf, isNetwork, millions } from './entry.ts';
import { decimal, NOTHING, table, unique } from './markdown.ts';

/** Markdown: what each model is, weighs and takes. Those that take one size only have a table of their own. */
export function zooReport(entries: readonly Entry[]): string {
  const anySize = entries.filter(({ card }) => !(isNetwork(card) && card.size));
  const rows = anySize.map(({ card, speed }) => [
    `**${card.id}** ${card.version}`,
    card.family,
    !isNetwork(card) ? 'grey, colour' : card.channels.input === 1 ? 'grey' : 'colour',
    card.sigma.kind === 'blind' ? 'found by itself' : `told, ${card.sigma.min} to ${card.sigma.max}`,
    millions(card),
    decimal(gmacsOf(card), 1),
    kilobytes(card, 'f16'),
    kilobytes(card, 'q8'),
    speed ? String(speed.millisecondsPerMegapixel) : NOTHING,
  ]);
  const machines = unique(anySize.flatMap(({ speed }) => (speed ? [speed.machine] : [])));
  return [
    table([
      [
        'model',
        'kind',
        'made for',
        'sigma',
        'parameters',
        'GMACs at 256 x 256',
        'f16, KB',
        'q8, KB',
        'ms per megapixel',
      ],
      ...rows,
    ]),
    'KB are what a browser downloads: the graph, and weights of 16 or of 8 bits. Filters are JavaScript that comes with ' +
      'the library.' +
      (machines.length > 0
        ? ' Time is that of the wasm engine, and of JavaScript for filters, without the estimate of sigma: the median ' +
          `of 3 runs on 512 x 512 pixels after a warm-up, on ${machines.join('; ')}.`
        : ''),
    ...entries.flatMap(({ card }) => (card.experimental ? [`${card.id} is experimental: ${card.experimental}`] : [])),
  ].join('\n\n');
}

function kilobytes(card: ModelCard, precision: 'f16' | 'q8'): string {
  if (!isNetwork(card) || !card.files.some(({ role }) => role === `weights-${precision}`)) return NOTHING;
  return Math.round(filesToRun(card, precision).reduce((sum, { bytes }) => sum + bytes, 0) / 1000).toString();
}
