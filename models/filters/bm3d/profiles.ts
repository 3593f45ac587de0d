/** One of BM3D's two steps. Names in brackets are those of the paper and of the authors' code. */
export interface StepProfile {
  /** 2D transform of a block; the third dimension has the Haar transform. */
  readonly transform: 'bior1.5' | 'dct';
  /** px: the side of a block (N1). */
  readonly block: number;
  /** px: from one reference block to the next (Nstep). */
  readonly step: number;
  /** Most blocks of a group, a power of two (N2). */
  readonly group: number;
  /** Mean squared difference per pixel (0..255, squared) up to which blocks count as similar (tau_match). */
  readonly similarity: number;
}

export interface Profile {
  /** Step 1; coefficients below `threshold` x sigma are dropped (lambda_3D). */
  readonly hard: StepProfile & { readonly threshold: number };
  /** Step 2. */
  readonly wiener: StepProfile;
}

/** px: candidates are at most so far from the reference block along either axis, 39 x 39 of them (Ns). */
export const SEARCH_RADIUS = 19;

/** Of the Kaiser window that fades blocks out towards their borders (beta). */
export const KAISER_BETA = 2;

/** The authors' normal profile, `np`. */
const NORMAL: Profile = {
  hard: { transform: 'bior1.5', block: 8, step: 3, group: 16, similarity: 3000, threshold: 2.7 },
  wiener: { transform: 'dct', block: 8, step: 3, group: 32, similarity: 400 },
};

/** The authors' profile for very noisy images, `vn`. */
const VERY_NOISY: Profile = {
  hard: { transform: 'bior1.5', block: 8, step: 4, group: 32, similarity: 25000, threshold: 2.8 },
  wiener: { transform: 'dct', block: 11, step: 6, group: 32, similarity: 3500 },
};

/** As the authors choose it, by sigma in 0..255. */
export function profileFor(sigma: number): Profile {
  return sigma > 40 ? VERY_NOISY : NORMAL;
}
