/** How weights travel: `q8` is half the download of `f16`. */
export type Precision = 'f16' | 'q8';
