import { element } from '../page/element.ts';

const NAMES = ['strength', 'luma', 'chroma'] as const;
type Mix = Record<(typeof NAMES)[number], number>;

/** Three sliders that only mix. */
export class MixSliders {
  readonly #inputs = NAMES.map((name) => [name, element(name, HTMLInputElement)] as const);

  /** Each 0..1. */
  get mix(): Mix {
    return Object.fromEntries(this.#inputs.map(([name, input]) => [name, input.valueAsNumber / 100])) as Mix;
  }

  /** One mix at a time: while one is on its way the sliders move on, and only where they stop is mixed next. */
  onChange(use: (mix: Mix) => Promise<void>): void {
    let mixing = false;
    let moved = false;
    const update = async () => {
      moved = true;
      if (mixing) return;
      mixing = true;
      while (moved) {
        moved = false;
        await use(this.mix);
      }
      mixing = false;
    };
    for (const [name, input] of this.#inputs) {
      const output = document.querySelector(`output[for="${name}"]`);
      input.addEventListener('input', () => {
        if (output) output.textContent = `${input.value} %`;
        void update();
      });
    }
  }
}
