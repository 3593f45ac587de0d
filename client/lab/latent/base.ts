import { gaussianNoise } from '../../../models/noise/add.ts';
import { element } from '../../page/element.ts';
import { make } from '../dom.ts';

/** Sliders for every number of the code in the plane's middle. */
export class BaseSliders {
  readonly #box = element('base-sliders');
  #draws = 0;

  onChange(changed: () => void): void {
    this.#box.addEventListener('change', changed);
    element('base-zero').addEventListener('click', () => {
      this.values = new Float32Array(this.#inputs.length);
      changed();
    });
    element('base-random').addEventListener('click', () => {
      this.#draws++;
      const code = gaussianNoise(this.#inputs.length, this.#draws + Math.round(performance.now()));
      this.values = code.map((value) => Math.min(3, Math.max(-3, Math.round(value * 100) / 100)));
      changed();
    });
  }

  get values(): Float32Array {
    return Float32Array.from(this.#inputs, (input) => input.valueAsNumber);
  }

  /** As many sliders as there are numbers. */
  set values(values: ArrayLike<number>) {
    if (this.#inputs.length !== values.length) {
      this.#box.replaceChildren(
        ...Array.from(values, (_, i) =>
          make(
            'label',
            {},
            String(i + 1),
            make('input', { type: 'range', min: -3, max: 3, step: 0.01, 'aria-label': `Number ${i + 1}` }),
          ),
        ),
      );
    }
    this.#inputs.forEach((input, i) => {
      input.valueAsNumber = values[i] as number;
    });
  }

  get #inputs(): HTMLInputElement[] {
    return [...this.#box.querySelectorAll('input')];
  }
}
