import { DegrainError } from '../models/errors.ts';
import { checkMix, FULL_MIX, type Mix } from '../models/mix.ts';
import { mixSamples } from '../models/mix-samples.ts';
import { toFloats } from '../models/residual.ts';
import type { Rows } from './contract.ts';
import { mixRgba } from './files/mix-rgba.ts';
import type { Picture } from './files/picture.ts';
import type { Pixels } from './protocol.ts';

/** A finished run, kept in the worker for sliders and downloads: the picture's samples and the noise in them. */
export class Result {
  readonly #picture: Picture;
  readonly #residual: Int16Array;
  /** Whether samples came, which then go back as samples. */
  readonly #isRaw: boolean;
  #last: Mix;

  constructor(picture: Picture, residual: Int16Array, isRaw: boolean, first: Partial<Mix>) {
    this.#picture = picture;
    this.#residual = residual;
    this.#isRaw = isRaw;
    this.#last = checkMix({ ...FULL_MIX, ...first });
  }

  /** The image of another mix, in the form in which it came. What is left out stays as it was last. */
  mix(mix: Partial<Mix> = {}): Pixels {
    this.#last = checkMix({ ...this.#last, ...mix });
    return this.#isRaw ? this.#samples() : this.#rgba();
  }

  /** A file of the last mix. */
  async blob(type: string, quality: number | undefined): Promise<Blob> {
    const { saveFile } = await import('./files/save.ts');
    const mixed = { samples: () => this.#samples(), rgba: () => this.#rgba() };
    return saveFile(this.#picture, mixed, type, quality);
  }

  /** noisy - denoised, [H,W,C], 0..1 scale. @throws DegrainError `bad-request` for rows that the picture has not. */
  residual({ from, count }: Rows = { from: 0, count: this.#picture.image.height }): Float32Array<ArrayBuffer> {
    const { height } = this.#picture.image;
    if (!Number.isInteger(from) || !Number.isInteger(count) || from < 0 || count < 0 || from + count > height) {
      throw new DegrainError('bad-request', {
        expected: `rows of 0 to ${height}`,
        received: `${count} from ${from}`,
        remedy: 'Leave them out for all of the picture.',
      });
    }
    const row = this.#residual.length / height;
    return toFloats(this.#residual.subarray(from * row, (from + count) * row));
  }

  #samples() {
    return mixSamples(this.#picture.image, this.#residual, this.#last);
  }

  #rgba() {
    const { image, colorSpace } = this.#picture;
    return mixRgba(image, this.#residual, this.#last, { colorSpace });
  }
}
