import type { RasterImage } from '../../../models/image.ts';
import type { Outcome } from '../denoisers.ts';
import type { Measured, Quality } from '../work/protocol.ts';

/** A denoised picture with all that was measured on it. */
export type Result = Outcome & Measured;

/** What is kept of every run, for the ranking and the plot. */
export type Figures = Quality & Pick<Outcome, 'milliseconds' | 'sigma'>;

/** Bytes of pictures that are kept. */
const MOST_BYTES = 192 * 2 ** 20;

/** Results by what made them, so that nothing runs twice. Where pictures take too much, the oldest go; figures stay. */
export class Results {
  readonly #figures = new Map<string, Figures>();
  readonly #whole = new Map<string, Result>();
  #bytes = 0;

  whole(key: string): Result | undefined {
    return this.#whole.get(key);
  }

  figures(key: string): Figures | undefined {
    return this.#figures.get(key);
  }

  keep(key: string, result: Result): void {
    const { psnr, ssim, milliseconds, sigma } = result;
    this.#figures.set(key, { psnr, ssim, milliseconds, sigma });
    this.#whole.set(key, result);
    this.#bytes += bytesOf(result);
    for (const [old, { image, pictures }] of this.#whole) {
      if (this.#bytes <= MOST_BYTES || old === key) break;
      this.#whole.delete(old);
      this.#bytes -= bytesOf({ image, pictures });
    }
  }
}

const bytesOf = ({ image, pictures }: { image: RasterImage; pictures: Measured['pictures'] }) =>
  [image, pictures.removed, pictures.error].reduce((sum, { data }) => sum + data.byteLength, 0);
