import type { ModelSummary } from '../../edge/api.ts';
import { table } from '../dom.ts';
import type { Quality } from '../work/protocol.ts';
import { decibels, duration, similarity } from './format.ts';
import type { Figures } from './results.ts';

export interface Ranked {
  readonly model: ModelSummary;
  readonly figures: Figures;
}

/** The best PSNR first. */
export const rank = (trials: readonly Ranked[]): Ranked[] =>
  trials.toSorted((one, other) => other.figures.psnr - one.figures.psnr);

export function rankingTable(noisy: Quality, ranked: readonly Ranked[]): HTMLElement {
  const gain = (psnr: number) => {
    const difference = psnr - noisy.psnr;
    return Number.isFinite(difference) ? `${difference < 0 ? '−' : '+'}${Math.abs(difference).toFixed(2)} dB` : '–';
  };
  const rows = ranked.map(({ model, figures: { psnr, ssim, milliseconds } }, i) => [
    `${i + 1}. ${model.title}`,
    ...[decibels(psnr), gain(psnr), similarity(ssim), duration(milliseconds)],
  ]);
  const made = table(
    'Denoisers by PSNR',
    ['Denoiser', 'PSNR', 'Gain', 'SSIM', 'Time'],
    [...rows, ['Noisy', decibels(noisy.psnr), '–', similarity(noisy.ssim), '–']],
  );
  if (rows.length > 1) made.querySelector('tbody tr')?.classList.add('best');
  return made;
}
