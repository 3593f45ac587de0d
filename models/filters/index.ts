import { expectThat } from '../errors.ts';
import { bilateralFilter } from './bilateral.ts';
import { bm3dFilter } from './bm3d/bm3d.ts';
import type { Filter } from './filter.ts';
import { gaussian } from './gaussian.ts';
import { mean } from './mean.ts';
import { median } from './median.ts';
import { nonLocalMeansFilter } from './non-local-means.ts';
import { totalVariationFilter } from './total-variation.ts';
import { waveletFilter } from './wavelet.ts';

export type { Filter } from './filter.ts';

export type FilterId = 'mean' | 'gaussian' | 'median' | 'bilateral' | 'nlm' | 'tv' | 'wavelet' | 'bm3d';

/** The classical denoisers, from the simplest to the best. */
export const FILTERS: Readonly<Record<FilterId, Filter>> = {
  mean: guarded(mean),
  gaussian: guarded(gaussian),
  median: guarded(median),
  bilateral: guarded(bilateralFilter),
  nlm: guarded(nonLocalMeansFilter),
  tv: guarded(totalVariationFilter),
  wavelet: guarded(waveletFilter),
  bm3d: guarded(bm3dFilter),
};

/** At sigma 0 there is nothing to remove; settings that are multiples of it would be divided by. */
function guarded(filter: Filter): Filter {
  return {
    ...filter,
    apply: (image, sigma) => {
      expectThat(sigma >= 0 && sigma < Number.POSITIVE_INFINITY, () => ({
        expected: 'sigma to be a number, 0 or more',
        received: String(sigma),
        remedy: 'Give the noise’s standard deviation on the scale of 0 to 255.',
      }));
      return sigma > 0 ? filter.apply(image, sigma) : { ...image, data: image.data.slice() };
    },
  };
}
