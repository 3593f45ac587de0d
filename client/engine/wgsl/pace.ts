/**
 * Most that one submission computes before anything is measured, 1e9 multiply-accumulates: systems end a GPU program that
 * holds up the display for about two seconds, browser and all. 20 take 50 ms at 0.8 TFLOP/s, what small integrated GPUs
 * reach.
 */
const FIRST_GMACS = 20;
/** s: a submission of a GPU whose pace is known. The display waits for it. */
const SUBMISSION = 0.05;
/** s: a tile. The visitor waits for the first. */
const TILE = 1;
/** px: smaller tiles are half border. */
const LEAST_TILE_PIXELS = 2 ** 18;
/** 1e9 multiply-accumulates: what computes less says more of the way to the GPU and back than of the GPU. */
export const TELLING_GMACS = 4;

/** How fast a network runs here, from the runs of its own tiles. */
export class Pace {
  /** 1e9 multiply-accumulates a second; undefined before anything has been measured. */
  rate: number | undefined;
  /** When the run before was done, ms. */
  #ended = 0;

  /** Of runs that overlap, in the order of their ends; the GPU takes one after the other. ms of the same clock. */
  note(gmacs: number, started: number, ended: number): void {
    const ms = ended - Math.max(started, this.#ended);
    this.#ended = ended;
    if (gmacs < TELLING_GMACS || !(ms > 0)) return;
    const measured = gmacs / (ms / 1000);
    // a tile that the browser has held up is forgotten after a few
    this.rate = this.rate === undefined ? measured : (this.rate + measured) / 2;
  }

  get submissionGmacs(): number {
    return this.rate === undefined ? FIRST_GMACS : this.rate * SUBMISSION;
  }

  /** The largest window that takes no longer than a visitor wants to wait for one, as far as that is known. */
  mostPixels(gmacsPerPixel: number): number | undefined {
    if (this.rate === undefined) return undefined;
    return Math.max(LEAST_TILE_PIXELS, Math.floor((this.rate * TILE) / gmacsPerPixel));
  }
}
