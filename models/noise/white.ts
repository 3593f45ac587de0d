import { varianceLeft } from './clipping.ts';
import { AREA } from './dct.ts';
import { eigenvalues, type Symmetric3 } from './eigenvalues.ts';
import { FREQUENCIES, order, type PatchSpectra } from './patches.ts';
import { type Candidates, FEWEST, type Selection, select } from './selection.ts';

/** Measure flat patches. White noise is independent in these and in what they were chosen by: no bias comes of it. */
const HIGH = FREQUENCIES.filter((i) => order(i) >= 8);

/** How to read the noise. */
export interface Reading {
  /** Use the flattest patches only, this share of them (0..1), and high frequencies only. 1: everything. */
  flattest: number;
  /** Take them from so many groups of brightness alike. */
  groups?: number;
  /** Scale at which the patches were taken: noise was clipped before the shrinking. */
  scale: number;
  /** Whether values were clipped to 0..255 after the noise came in, as in every file. */
  clipped: boolean;
}

/**
 * Standard deviation (0..255) that white noise must have for the weakest of the patches' components to be nothing
 * else: Chen, Zhu, Heng, "An Efficient Statistical Method for Image Noise Level Estimation" (ICCV 2015).
 *
 * Theirs are the eigenvectors of all 192 values of a patch, of which the weakest are found too weak, the more so the
 * fewer patches there are. Here they are the DCT's, a good guess at photographs' eigenvectors, and in each of its
 * frequencies the three eigenvectors over colour. Nothing is fitted but those, so there is no such bias, and no large
 * eigenvalue problem. Grey has no colour to tell noise from texture by, and needs the flattest patches instead.
 *
 * @returns 0 where there is nothing to measure
 */
export function whiteSigma(candidates: Candidates, reading: Reading): number {
  return read(candidates, reading, weakest);
}

/**
 * Root mean square (0..255) of the patches' components, all colours alike. Unlike `whiteSigma` it misses nothing of
 * noise that is stronger in some colours than in others, and takes what texture there is for noise.
 */
export function meanSigma(candidates: Candidates, reading: Reading): number {
  return read(candidates, reading, mean);
}

function read(
  candidates: Candidates,
  { flattest, groups = 1, scale, clipped }: Reading,
  noiseVariance: (variances: number[]) => number,
): number {
  if (candidates.patches.length < FEWEST) return 0;
  const frequencies = flattest < 1 ? HIGH : FREQUENCIES;
  let exposure: Float64Array = new Float64Array(256).fill(1);
  let sigma = 0;
  // Exposure depends on sigma and sigma on exposure: the steps shrink by half or more each time.
  for (let round = 0; round < 8; round++) {
    const selection = select(candidates, exposure, flattest, groups);
    if (selection.patches.length < FEWEST) return sigma;
    const before = sigma;
    sigma = Math.sqrt(noiseVariance(componentVariances(candidates.spectra, selection, frequencies)));
    if (!clipped || sigma === 0 || Math.abs(sigma - before) < 0.002 * sigma) return sigma;
    exposure = varianceLeft(Math.max(sigma * scale, 1)); // below 1 clipping matters at the very ends only
  }
  return sigma;
}

/** Mean square of each frequency and, in colour, of its three principal colours. */
function componentVariances(spectra: PatchSpectra, { patches, exposures }: Selection, frequencies: number[]): number[] {
  const { channels, coefficients } = spectra;
  const products = channels === 3 ? 6 : 1;
  const sums = new Float64Array(AREA * products);
  let weights = 0;
  for (const patch of patches) {
    const at = patch * channels;
    const [e0, e1, e2] = [exposures[at], exposures[at + 1], exposures[at + 2]] as [number, number, number];
    const from = at * AREA;
    if (channels === 1) {
      // Coefficients are made comparable by 1 / sqrt(exposure) and then weighted by exposure.
      for (const i of frequencies) sums[i] = (sums[i] as number) + (coefficients[from + i] as number) ** 2;
      weights += e0;
      continue;
    }
    const weight = Math.min(e0, e1, e2);
    const [w0, w1, w2] = [Math.sqrt(weight / e0), Math.sqrt(weight / e1), Math.sqrt(weight / e2)];
    for (const i of frequencies) {
      const x = (coefficients[from + i] as number) * w0;
      const y = (coefficients[from + AREA + i] as number) * w1;
      const z = (coefficients[from + 2 * AREA + i] as number) * w2;
      const to = i * 6;
      sums[to] = (sums[to] as number) + x * x;
      sums[to + 1] = (sums[to + 1] as number) + y * y;
      sums[to + 2] = (sums[to + 2] as number) + z * z;
      sums[to + 3] = (sums[to + 3] as number) + x * y;
      sums[to + 4] = (sums[to + 4] as number) + y * z;
      sums[to + 5] = (sums[to + 5] as number) + x * z;
    }
    weights += weight;
  }
  const means = Array.from(sums, (sum) => sum / weights);
  return frequencies.flatMap((i) =>
    channels === 1 ? [means[i] as number] : eigenvalues(means.slice(i * 6, i * 6 + 6) as unknown as Symmetric3),
  );
}

const mean = (variances: number[]) => variances.reduce((a, b) => a + b, 0) / variances.length;

/** Chen's rule: drop the strongest components until the mean of the rest is no more than their median. */
function weakest(variances: number[]): number {
  const ascending = variances.toSorted((a, b) => a - b);
  let sum = ascending.reduce((a, b) => a + b, 0);
  for (let left = ascending.length; left > 0; left--) {
    const median =
      ((ascending[(left - 1) >> 1] as number) + (ascending[left >> 1 < left ? left >> 1 : 0] as number)) / 2;
    if (sum / left <= median || left === 1) return Math.max(sum / left, 0);
    sum -= ascending[left - 1] as number;
  }
  return 0;
}
