import type { ModelCard, Precision } from '../../models/card.ts';
import { COLOUR_METHODS, GREY_METHODS, type Method, NOTES, REPORTED_SIGMAS } from './literature.ts';
import { bestOf, bestSingle, type RealScore } from './real.ts';
import { COLUMNS, type Column, mean, type Score } from './score.ts';

export interface Evaluation {
  readonly card: ModelCard;
  readonly precision: Precision;
  readonly scores: readonly Score[];
}

const COLUMN_WORDS: Record<Column, string> = {
  float: 'noise neither clipped nor rounded',
  '8-bit': 'noise clipped and rounded to 8 bits, as in a file',
};

/** Markdown: per set, ours beside what is published; the first evaluation is the main one. */
export function setsReport(evaluations: readonly Evaluation[]): string {
  const [main] = evaluations as [Evaluation, ...Evaluation[]];
  const parts = unique(main.scores.map((score) => score.set)).map((set) => setSection(set, main));
  return [...parts, ...differences(evaluations)].join('\n\n');
}

function setSection(set: string, { card, precision, scores }: Evaluation): string {
  const ours = scores.filter((score) => score.set === set);
  const sigmas = unique(ours.map((score) => score.sigma));
  const methods = [...COLOUR_METHODS, ...GREY_METHODS].filter((method) => method.sets[set]);
  const gmacs = (card.gmacsPerMegapixel * 256 * 256) / 1e6;
  const name = `${card.id} ${card.version}, ${precision}`;
  const rows = [
    ['method', 'parameters', 'GMACs at 256 x 256', ...sigmas.map((sigma) => `sigma ${sigma}`)],
    ...methods.map((method) => methodRow(method, set, sigmas)),
    ...COLUMNS.filter((column) => ours.some((score) => score.noise === column)).map((column) => [
      `**${name}**, ${column}`,
      `${(card.parameters / 1e6).toFixed(2)} M`,
      gmacs.toFixed(1),
      ...sigmas.map((sigma) => cell(ours.find((score) => score.noise === column && score.sigma === sigma))),
    ]),
  ];
  const blind = autoRows(ours);
  return [
    `### ${set} (${ours[0]?.images} images)`,
    table(rows),
    ...(NOTES[set] ? [NOTES[set]] : []),
    ...(blind.length > 1 ? ['With sigma estimated from each image instead of given:', table(blind)] : []),
  ].join('\n\n');
}

function methodRow(method: Method, set: string, sigmas: readonly number[]): string[] {
  const { parameters, gmacs } = method;
  const reported = sigmas.map((sigma) => method.sets[set]?.[REPORTED_SIGMAS.indexOf(sigma)]?.toFixed(2) ?? '–');
  return [method.name, parameters ? `${parameters} M` : '–', gmacs ? String(gmacs) : '–', ...reported];
}

/** PSNR in dB / SSIM. */
function cell(score: Score | undefined): string {
  return score ? `${score.psnr.toFixed(2)} / ${score.ssim.toFixed(4)}` : '–';
}

function autoRows(scores: readonly Score[]): string[][] {
  const rows = scores.flatMap(({ noise, sigma, auto }) =>
    auto ? [[noise, String(sigma), auto.sigma.toFixed(1), auto.psnr.toFixed(2), auto.loss.toFixed(2)]] : [],
  );
  return [['noise', 'sigma', 'mean estimate', 'PSNR', 'loss, dB'], ...rows];
}

/** What the smaller weights cost, if both were run. */
function differences(evaluations: readonly Evaluation[]): string[] {
  const full = evaluations.find(({ precision }) => precision === 'f16');
  const small = evaluations.find(({ precision }) => precision === 'q8');
  if (!full || !small) return [];
  const costs = full.scores.map((score, i) => score.psnr - (small.scores[i]?.psnr ?? Number.NaN));
  const costsOf = `mean ${mean(costs).toFixed(3)} dB, most ${Math.max(...costs).toFixed(3)} dB`;
  return [`Weights of 8 bits (q8) instead of 16 (f16) cost, over the rows above: ${costsOf}.`];
}

export function protocol(columns: readonly Column[]): string {
  const noises = columns.map((column) => `\`${column}\`: ${COLUMN_WORDS[column]}`).join('; ');
  return (
    "PSNR in dB / SSIM, means over images. White Gaussian noise on the scale of 0 to 255, seeded by the image's place " +
    `in the order of names. ${noises}. The published figures are for \`float\`. Outputs are clipped and rounded to ` +
    '8 bits; all pixels and channels count, no border is cropped; grey sets stay grey. SSIM has the Gaussian window of ' +
    'its authors. The published figures are those that the authors report.'
  );
}

/** Markdown: photographs with real noise, estimated sigma beside the best that any sigma of the grid can do. */
export function realReport(
  scores: readonly RealScore[],
  grid: readonly number[],
  { card, precision }: Omit<Evaluation, 'scores'>,
): string {
  const rows = scores.map((score) => ({ score, best: bestOf(score, grid) }));
  const single = bestSingle(scores, grid);
  const average = [
    '**mean**',
    mean(scores.map((score) => score.noisy)).toFixed(2),
    mean(scores.map((score) => score.auto.psnr)).toFixed(2),
    mean(rows.map(({ best }) => best.psnr)).toFixed(2),
    mean(rows.map(({ score, best }) => best.psnr - score.auto.psnr)).toFixed(2),
  ];
  return [
    `${card.id} ${card.version}, ${precision}; PSNR in dB on 8 bits. *Best* is the best for each photograph of sigma ` +
      `${grid.join(', ')} and of leaving it alone, which only someone who has the clean picture can choose.`,
    table([
      ['photograph', 'noisy', 'sigma auto', 'best sigma', 'loss, dB'],
      ...rows.map(({ score, best }) => [
        score.name,
        score.noisy.toFixed(2),
        `${score.auto.psnr.toFixed(2)} (sigma ${score.auto.sigma.toFixed(1)})`,
        `${best.psnr.toFixed(2)} (sigma ${best.sigma})`,
        (best.psnr - score.auto.psnr).toFixed(2),
      ]),
      average,
    ]),
    `The best single sigma for all of them, ${single.sigma}, gives ${single.psnr.toFixed(2)} dB.`,
  ].join('\n\n');
}

/** Cells padded, so that the source reads as a table too. */
export function table(rows: readonly (readonly string[])[]): string {
  const [header, ...body] = rows as [readonly string[], ...(readonly string[])[]];
  const widths = header.map((_, i) => Math.max(3, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) => `| ${row.map((text, i) => text.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  return [line(header), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)].join('\n');
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
