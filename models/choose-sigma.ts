import type { ModelCard } from './card.ts';
import { expectThat } from './errors.ts';
import { estimateSigma } from './noise/estimate.ts';
import type { TileImage } from './residual.ts';

/**
 * What the model is told of the noise, 0..255: what was given, or else an estimate. None of a blind one.
 *
 * @throws DegrainError `bad-request` for what the model does not take.
 */
export function chooseSigma(
  sigma: number | 'auto',
  image: TileImage,
  { id, sigma: range }: ModelCard,
): number | undefined {
  if (range.kind === 'blind') {
    expectThat(sigma === 'auto', () => ({
      expected: `sigma to be 'auto': ${id} finds the noise itself`,
      received: String(sigma),
      remedy: 'Leave sigma out; strength sets how much of the noise goes.',
    }));
    return undefined;
  }
  const { min, max, correlatedGain } = range;
  if (sigma === 'auto') return estimateSigma(image, { highest: max, gain: correlatedGain }).sigma;
  expectThat(sigma >= min && sigma <= max, () => ({
    expected: `sigma to be 'auto' or a number from ${min} to ${max}`,
    received: String(sigma),
    remedy: `Give the noise's standard deviation on the scale of 0 to 255; ${id} takes up to ${max}.`,
  }));
  return sigma;
}
