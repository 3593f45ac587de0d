import type { TileImage } from '../residual.ts';
import { lumaSpectra, patchSpectra } from './patches.ts';
import { candidates } from './selection.ts';
import { meanSigma, whiteSigma } from './white.ts';

/** What is known about an image's noise. All sigmas are standard deviations on the 0..255 scale. */
export interface NoiseEstimate {
  /** What to feed the network; 0 when there is nothing to do. */
  sigma: number;
  /** The noise that the image's own pixels show. */
  fine: number;
  /** The same from the half-size image, times 2: as high as `fine` if the noise is white. */
  coarse: number;
  kind: 'clean' | 'white' | 'correlated';
}

/** What the network that is going to be fed makes of it. */
export interface EstimateOptions {
  /** Highest sigma that it was trained for. */
  highest?: number;
  /** Sigma to feed where noise is correlated, over that of white noise which is as strong at half size. */
  gain?: number;
}

/** Of the networks trained here, 0..255. */
const HIGHEST = 55;
/** Best for `fast` on the 12 pairs of SIDD; before its training knew correlated noise, 1.1 was. Measure it per net. */
const GAIN = 1.5;

/** Less than this (px) on a side says too little: the half-size image has to hold some patches of its own. */
const SMALLEST_SIDE = 32;

/** White noise weaker than this is left alone; most clean photographs read less, by JPEG and fine texture. */
const FAINTEST_WHITE = 1;
/** Clean colour photographs read up to 2.1 in their flattest patches at half size, phones' noise from 4.6. */
const FAINTEST_CORRELATED = 2.5;
/** Coarse / fine, of flat patches. White noise reads 0.9-1.15, phones' noise 1.6-4.4, clean textures 1.7 and more. */
const WHITEST = 1.35;
/** As above: what is steeper in grey is texture. */
const STEEPEST = 4;
/** Noise is everywhere: the flattest 40 % read 1.0-1.2 times what the flattest 3 % do, with texture 1.2-5 times. */
const MOST_UNEVEN = 1.2;

/** Flattest patches of grey, where flatness alone tells noise from texture. */
const FLAT_GREY = 0.03;
/** Flattest patches of colour, to tell whether there is noise at all. */
const FLAT_COLOUR = 0.05;
const EVERYTHING = 1;
/** Groups that tell what noise there is in the dark from what there is in the light. */
const BRIGHTNESSES = 4;

/** Rec. 601 luma of noise that is independent in red, green and blue: sqrt(0.299^2 + 0.587^2 + 0.114^2). */
const LUMA_OF_COLOUR = 0.668;
/** Luma noise above that by so much means that colours have lost theirs. Joint and luma readings agree to a tenth. */
const COLOUR_LOST = 1.35;
/** JPEG takes a part of the noise's high frequencies with it; tried on photographs with sigma 10-15, quality 85-90. */
const JPEG_LOSS = 1.25;
/** All colours' noise over the quietest one's: 1.2-1.5 on phones. More is texture, that flat patches still hold. */
const UNEVEN_COLOURS = 1.5;

/**
 * The noise of an image of which nothing else is known, by its patches' weakest components (`whiteSigma`), read at
 * full and at half size. White noise reads the same in both. Cameras' noise is smooth, from demosaicing and their own
 * denoising, so that full size shows a small part of it. It is fed as the white noise that is as strong at half size,
 * where its bulk is: the network takes noise for white, and leaves what exceeds its sigma there.
 *
 * Never throws and never returns NaN. What is too small, constant or drawn is `clean`.
 *
 * @param image 0..1, sRGB-coded; RGB that is grey throughout is read as grey
 */
export function estimateSigma(
  image: TileImage,
  { highest = HIGHEST, gain = GAIN }: EstimateOptions = {},
): NoiseEstimate {
  if (Math.min(image.width, image.height) < SMALLEST_SIDE) return { sigma: 0, fine: 0, coarse: 0, kind: 'clean' };
  const grey = image.channels === 1 || isGrey(image);
  const estimate = grey ? estimateGrey(firstChannel(image), gain) : estimateColour(image, gain);
  return { ...estimate, sigma: Math.min(estimate.sigma, highest) };
}

function estimateColour(image: TileImage, gain: number): NoiseEstimate {
  const clipped = isClipped(image);
  const full = candidates(patchSpectra(image, 1));
  const half = candidates(patchSpectra(image, 2));
  const fine = whiteSigma(full, { flattest: EVERYTHING, scale: 1, clipped });
  const coarse = 2 * whiteSigma(half, { flattest: EVERYTHING, scale: 2, clipped });

  // JPEG at half colour resolution leaves no fine noise in the colours. What was white still is in luma.
  const fineLuma = whiteSigma(candidates(lumaSpectra(full.spectra)), { flattest: FLAT_GREY, scale: 1, clipped: false });
  const coarseLuma =
    2 * whiteSigma(candidates(lumaSpectra(half.spectra)), { flattest: FLAT_GREY, scale: 2, clipped: false });
  const asColour = fineLuma / LUMA_OF_COLOUR;
  const whiteLuma = fineLuma >= FAINTEST_CORRELATED && coarseLuma < WHITEST * fineLuma;
  if (whiteLuma && asColour > COLOUR_LOST * fine) {
    return { sigma: JPEG_LOSS * asColour, fine, coarse, kind: 'correlated' };
  }

  // Fine texture is not in the flat patches, noise is.
  const fineFlat = whiteSigma(full, { flattest: FLAT_COLOUR, scale: 1, clipped });
  const coarseFlat = 2 * whiteSigma(half, { flattest: FLAT_COLOUR, scale: 2, clipped });
  const present = Math.min(fine, coarseFlat) >= FAINTEST_WHITE;
  if (present && coarseFlat < WHITEST * fineFlat) return { sigma: fine, fine, coarse, kind: 'white' };
  if (coarseFlat < FAINTEST_CORRELATED) return { sigma: 0, fine, coarse, kind: 'clean' };
  const allColours = 2 * meanSigma(half, { flattest: FLAT_COLOUR, groups: BRIGHTNESSES, scale: 2, clipped });
  return { sigma: gain * Math.min(allColours, UNEVEN_COLOURS * coarse), fine, coarse, kind: 'correlated' };
}

function estimateGrey(image: TileImage, gain: number): NoiseEstimate {
  const clipped = isClipped(image);
  const half = candidates(patchSpectra(image, 2));
  const fine = whiteSigma(candidates(patchSpectra(image, 1)), { flattest: FLAT_GREY, scale: 1, clipped });
  const coarse = 2 * whiteSigma(half, { flattest: FLAT_GREY, scale: 2, clipped });
  if (fine >= FAINTEST_WHITE && coarse < WHITEST * fine) return { sigma: fine, fine, coarse, kind: 'white' };
  const broad = 2 * whiteSigma(half, { flattest: 0.4, scale: 2, clipped });
  const everywhere = broad < MOST_UNEVEN * coarse;
  if (coarse >= FAINTEST_CORRELATED && everywhere && coarse < STEEPEST * fine) {
    return { sigma: gain * coarse, fine, coarse, kind: 'correlated' };
  }
  return { sigma: 0, fine, coarse, kind: 'clean' };
}

/** Values outside 0..1 are only there if nothing has clipped them; samples of a file always are within. */
function isClipped({ data }: TileImage): boolean {
  if (!(data instanceof Float32Array)) return true;
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number;
    if (value < 0 || value > 1) return false;
  }
  return true;
}

function isGrey({ data, step = 3 }: TileImage): boolean {
  for (let i = 0; i < data.length; i += step) if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return false;
  return true;
}

function firstChannel(image: TileImage): TileImage {
  return { ...image, channels: 1, step: image.step ?? image.channels };
}
