import type { FilterCard } from '../../edge/api.ts';
import { decibels } from './format.ts';

type Metric = FilterCard['metrics'][number];

/** Results on test sets with white noise as the literature has it, a line for each set. */
export function measuredOn(metrics: readonly Metric[]): string[] {
  const white = metrics.filter(({ noise, sigma }) => noise === 'float' && sigma !== undefined);
  return [...new Set(white.map(({ set }) => set))].map((name) => {
    const entries = white
      .filter(({ set }) => set === name)
      .map(({ sigma, psnr }) => `σ\u00a0${sigma}: ${decibels(psnr)}`);
    return `Measured on ${name}, white noise, mean over its images: ${entries.join(', ')}.`;
  });
}
