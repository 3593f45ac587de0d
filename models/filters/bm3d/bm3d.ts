import type { FloatImage } from '../../image.ts';
import type { Filter } from '../filter.ts';
import { crop, joinPlanes, mirrorPad, type Plane, splitPlanes } from '../planes.ts';
import { matchBlocks } from './block-matching.ts';
import { fromOpponent, OPPONENT_GAINS, toOpponent } from './opponent.ts';
import { type Profile, profileFor, SEARCH_RADIUS } from './profiles.ts';
import { hardThreshold, wienerFilter } from './steps.ts';

/**
 * Block-matching and 3D filtering: K. Dabov, A. Foi, V. Katkovnik, K. Egiazarian, 2007. Colour as in their CBM3D:
 * blocks are matched by luminance, and each opponent colour is filtered in the groups found there.
 *
 * @param sigma of the noise, 0..255
 */
export function bm3d(image: FloatImage, sigma: number, profile: Profile = profileFor(sigma)): FloatImage {
  const { width, height } = image;
  const margin = roomFor(profile, width, height);
  const planes = splitPlanes(image).map((plane) => mirrorPad(plane, margin));
  const grey = planes.length === 1;
  const noisy = grey ? planes : toOpponent(planes);
  const sigmas = grey ? [sigma / 255] : OPPONENT_GAINS.map((gain) => (gain * sigma) / 255);

  const similar = matchBlocks(noisy[0] as Plane, profile.hard);
  const basic = noisy.map((plane, c) => hardThreshold(plane, sigmas[c] as number, similar, profile.hard));

  const moreSimilar = matchBlocks(basic[0] as Plane, profile.wiener);
  const final = noisy.map((plane, c) =>
    wienerFilter(plane, basic[c] as Plane, sigmas[c] as number, moreSimilar, profile.wiener),
  );
  const denoised = grey ? final : fromOpponent(final);
  return joinPlanes(denoised.map((plane) => crop(plane, margin, margin, width, height)));
}

/** px to add where not even one block would fit. Elsewhere a mirrored margin costs time, and 0.01 to 0.04 dB. */
function roomFor({ hard, wiener }: Profile, width: number, height: number): number {
  const block = Math.max(hard.block, wiener.block);
  return Math.min(width, height) < block ? block : 0;
}

export const bm3dFilter: Filter = {
  title: 'BM3D',
  description: 'Collects similar blocks into stacks and shrinks the spectra of these, twice.',
  paper:
    'K. Dabov, A. Foi, V. Katkovnik, K. Egiazarian: Image denoising by sparse 3-D transform-domain collaborative ' +
    'filtering. IEEE Transactions on Image Processing 16(8), 2007; colour as in their CBM3D, ICIP 2007',
  limits: [
    'Made for white Gaussian noise of known sigma: uneven or coarse grain stays in part.',
    'Leaves faint blocks in smooth areas at high sigma.',
    'Slow: tens of seconds per megapixel.',
  ],
  sigmaMin: 0,
  sigmaMax: 100,
  // From a pixel to the far end of a block that covers it (block - 1), to the reference that found this block (19), to
  // another match of that (19), which begins or ends there: in step 2 up to 10 + 38, in step 1 before it 7 + 38.
  halo: 10 + 2 * SEARCH_RADIUS + (7 + 2 * SEARCH_RADIUS),
  measuredHalo: 72,
  // of the steps between reference blocks: 3, 4 and 6
  sizeMultiple: 12,
  apply: (image, sigma) => bm3d(image, sigma),
};
