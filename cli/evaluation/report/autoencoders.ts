import { filesToRun, type ModelCard, type NetworkCard } from '../../../models/card.ts';
import { isNetwork } from './entry.ts';
import { decimal, NOTHING, table, unique } from './markdown.ts';

type Metric = NetworkCard['metrics'][number];

/** Markdown: models that take pictures of one size only, by what their cards say. `pictures` are the ids that have one. */
export function autoencodersReport(cards: readonly ModelCard[], pictures: ReadonlySet<string>): string {
  const fixed = cards.filter(isNetwork).filter(({ size }) => size);
  if (fixed.length === 0) return '';
  const sets = unique(fixed.flatMap((card) => byFactor(card).map(({ set }) => set)));
  return [
    'They are taught and judged with a noise factor: x + factor N(0, 1). Binary cross-entropy in nats, PSNR in dB, ' +
      'SSIM, means over the test split, measured where they were trained (PyTorch).',
    table([
      ['model', 'picture', 'parameters', 'MMACs per picture', 'f16, KB'],
      ...fixed.map((card) => [
        `**${card.id}** ${card.version}`,
        `${card.size?.width} x ${card.size?.height}, ${card.channels.input === 1 ? 'grey' : 'colour'}`,
        card.parameters.toLocaleString('en'),
        decimal((card.gmacsPerMegapixel * (card.size?.width ?? 0) * (card.size?.height ?? 0)) / 1e3, 1),
        Math.round(filesToRun(card, 'f16').reduce((sum, { bytes }) => sum + bytes, 0) / 1000).toString(),
      ]),
    ]),
    ...sets.map((set) => setSection(set, fixed)),
    ...fixed.filter(({ id }) => pictures.has(id)).map(({ id, title }) => `![${title}](results/${id}.png)`),
  ].join('\n\n');
}

const byFactor = ({ metrics }: NetworkCard) => metrics.filter(({ factor }) => factor !== undefined);

function setSection(set: string, cards: readonly NetworkCard[]): string {
  const ours = cards
    .map((card) => ({ card, metrics: byFactor(card).filter((metric) => metric.set === set) }))
    .filter(({ metrics }) => metrics.length > 0);
  const factors = unique(ours.flatMap(({ metrics }) => metrics.map(({ factor = 0 }) => factor))).sort((a, b) => a - b);
  const protocols = unique(ours.flatMap(({ metrics }) => metrics.map(({ protocol }) => protocol)));
  return [
    `### ${set}`,
    `Cross-entropy / PSNR / SSIM by noise factor: ${protocols.join('; or ')}.`,
    table([
      ['model', ...factors.map(String)],
      ...ours.map(({ card, metrics }) => [
        card.id,
        ...factors.map((factor) => quality(metrics.find((metric) => metric.factor === factor))),
      ]),
    ]),
  ].join('\n\n');
}

function quality(metric: Metric | undefined): string {
  if (!metric) return NOTHING;
  return `${decimal(metric.crossEntropy, 4)} / ${decimal(metric.psnr, 2)} / ${decimal(metric.ssim, 4)}`;
}
