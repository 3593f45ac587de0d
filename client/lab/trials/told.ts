import type { ModelSummary } from '../../edge/api.ts';

/** What is known of noise that was added. */
export interface KnownNoise {
  readonly noise: string;
  readonly level: number;
  /** Root mean square of what the picture's values changed by, 0..255. */
  readonly deviation: number;
}

/**
 * What a denoiser is told of the noise's strength, 0..255, as near as its card allows: sigma itself of white noise, and
 * of all else the root mean square of what was added. Blind ones are told nothing.
 */
export function toldSigma(
  { sigma }: Pick<ModelSummary, 'sigma'>,
  { noise, level, deviation }: KnownNoise,
): number | 'auto' {
  if (sigma.kind === 'blind') return 'auto';
  return Math.min(sigma.max, Math.max(sigma.min, noise === 'gaussian' ? level : deviation));
}
