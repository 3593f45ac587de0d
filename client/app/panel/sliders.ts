import { element } from '../../page/element.ts';
import type { Settings } from '../queue/item.ts';

const NAMES = ['strength', 'luma', 'chroma'] as const;
type Mix = Pick<Settings, (typeof NAMES)[number]>;

/** Three sliders that only mix. */
export class MixSliders {
  readonly #inputs = NAMES.map((name) => [name, element(name, HTMLInputElement)] as const);

  /** Each 0..1. */
  get mix(): Mix {
    return Object.fromEntries(this.#inputs.map(([name, input]) => [name, input.valueAsNumber / 100])) as unknown as Mix;
  }

  set mix(mix: Mix) {
    for (const [name, input] of this.#inputs) {
      input.valueAsNumber = Math.round(mix[name] * 100);
      this.#label(name, input);
    }
  }

  /** `moved` while a slider moves, `left` where it stops. */
  onChange(moved: (mix: Mix) => void, left: (mix: Mix) => void): void {
    for (const [name, input] of this.#inputs) {
      input.addEventListener('input', () => {
        this.#label(name, input);
        moved(this.mix);
      });
      input.addEventListener('change', () => left(this.mix));
    }
  }

  #label(name: string, input: HTMLInputElement): void {
    const output = document.querySelector(`output[for="${name}"]`);
    if (output) output.textContent = `${input.value} %`;
  }
}
