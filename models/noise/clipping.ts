import { cumulative, density } from './normal.ts';

/** Brightnesses 0..255 at which a channel's values are clipped. */
const BLACK = 0;
const WHITE = 255;

/**
 * What clipping to 0..255 leaves of the noise's variance, by the mean brightness that is left.
 *
 * Clipping makes noise weaker and its mean less extreme; both follow from the clipped normal distribution's first two
 * moments. The noise of a patch can so be corrected with what the file still shows.
 *
 * @param sigma standard deviation before clipping, 0..255
 * @returns [256] the share of sigma^2 that is left where the mean rounds to 0, 1, ..., 255; 0 where no true
 *   brightness in 0..255 leads to such a mean: noise was not clipped there but is absent (a border, a burnt-out sky)
 */
export function varianceLeft(sigma: number): Float64Array {
  const left = new Float64Array(256);
  const step = Math.min(0.5, sigma / 20); // fine enough for every mean and for the curve at the ends
  let before: { mean: number; share: number } | undefined;
  for (let brightness = BLACK; brightness <= WHITE + step / 2; brightness += step) {
    const now = clippedNormal(Math.min(brightness, WHITE), sigma);
    for (let mean = Math.ceil(before?.mean ?? now.mean); before && mean <= now.mean; mean++) {
      const weight = (mean - before.mean) / Math.max(now.mean - before.mean, Number.EPSILON);
      left[mean] = before.share + weight * (now.share - before.share);
    }
    before = now;
  }
  return left;
}

/** Mean of a normal variable clipped to 0..255, and its variance as a share of sigma^2. */
function clippedNormal(brightness: number, sigma: number): { mean: number; share: number } {
  const low = (BLACK - brightness) / sigma;
  const high = (WHITE - brightness) / sigma;
  const below = cumulative(low);
  const above = cumulative(-high);
  const inside = 1 - below - above;
  // Moments of the standardised variable, clipped to low..high.
  const first = density(low) - density(high) + low * below + high * above;
  const second = inside + low * density(low) - high * density(high) + low * low * below + high * high * above;
  return { mean: brightness + sigma * first, share: Math.max(second - first * first, 0) };
}
