import type { Mix } from '../../models/mix.ts';
import type { DenoiseResult } from '../contract.ts';
import { freeImage } from '../free-image.ts';

/** One mix at a time: while one is on its way the sliders move on, and only where they stop is mixed next. */
export class Mixer {
  readonly #show: (image: ImageData) => void;
  #result: DenoiseResult<ImageData> | undefined;
  #wanted: Mix | undefined;
  #mixing = false;

  constructor(show: (image: ImageData) => void) {
    this.#show = show;
  }

  /** Of another result, or of none. */
  set result(result: DenoiseResult<ImageData> | undefined) {
    this.#result = result;
    this.#wanted = undefined;
  }

  async mix(mix: Mix): Promise<void> {
    this.#wanted = mix;
    if (this.#mixing) return;
    this.#mixing = true;
    try {
      while (this.#result && this.#wanted) {
        const [result, wanted] = [this.#result, this.#wanted];
        this.#wanted = undefined;
        const image = await result.mix(wanted);
        if (result === this.#result) this.#show(image);
        if (image !== result.image) freeImage(image);
      }
    } catch (reason) {
      // a result that was released meanwhile
      console.debug('degrain: no mix', reason);
    } finally {
      this.#mixing = false;
    }
  }
}
