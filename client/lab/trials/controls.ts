import { NOISE_KINDS } from '../../../models/noise/kinds.ts';
import type { ModelSummary } from '../../edge/api.ts';
import { element } from '../../page/element.ts';
import { make } from '../dom.ts';
import type { BenchSetup } from '../experiment.ts';
import { levelAt, placeOf, scaleOf } from './levels.ts';

type Chosen = Pick<BenchSetup, 'picture' | 'side' | 'noise' | 'level' | 'seed' | 'sigma' | 'models'>;

/** The form at the left: what is chosen there, and back into it what a link says. */
export class Controls {
  readonly #form = element('bench-form', HTMLFormElement);
  readonly #side = element('side', HTMLSelectElement);
  readonly #noise = element('noise', HTMLSelectElement);
  readonly #slider = element('level-slider', HTMLInputElement);
  readonly #level = element('level', HTMLInputElement);
  readonly #seed = element('seed', HTMLInputElement);
  readonly #sigma = element('sigma', HTMLSelectElement);
  readonly #models = element('models');

  constructor() {
    this.#noise.append(...NOISE_KINDS.map(({ name, title }) => make('option', { value: name }, title)));
  }

  /** Those that take this picture, in the order of the catalogue. */
  list(models: readonly ModelSummary[], chosen: readonly string[]): void {
    this.#models.replaceChildren(
      ...models.map(({ id, title, description }) => {
        const box = make('input', { type: 'checkbox', name: 'model', value: id, checked: chosen.includes(id) });
        return make('label', { title: description }, box, title);
      }),
    );
  }

  /** `changed` hears of every change, but of the slider's own only when it is let go or rests. */
  onChange(changed: () => void): void {
    this.#form.addEventListener('change', ({ target }) => {
      if (target === this.#noise) this.#chooseNoise(this.#noise.value);
      if (target === this.#level) this.#slider.value = String(placeOf(this.#validLevel(), scaleOf(this.#noise.value)));
      if (target instanceof HTMLInputElement && target.type === 'file') return;
      changed();
    });
    this.#slider.addEventListener('input', () => {
      this.#level.value = String(levelAt(this.#slider.valueAsNumber, scaleOf(this.#noise.value)));
      this.#nameLevel();
    });
    element('reseed').addEventListener('click', () => {
      this.#seed.value = String((this.#validSeed() + 1) % 2 ** 31);
      changed();
    });
  }

  get chosen(): Chosen {
    const data = new FormData(this.#form);
    return {
      picture: (data.get('picture') ?? 'scene') as Chosen['picture'],
      side: Number(this.#side.value) as Chosen['side'],
      noise: this.#noise.value,
      level: this.#validLevel(),
      seed: this.#validSeed(),
      sigma: this.#sigma.value as Chosen['sigma'],
      models: data.getAll('model').map(String),
    };
  }

  set chosen({ picture, side, noise, level, seed, sigma, models }: Chosen) {
    for (const radio of this.#form.querySelectorAll<HTMLInputElement>('[name=picture]')) {
      radio.checked = radio.value === picture;
    }
    for (const box of this.#form.querySelectorAll<HTMLInputElement>('[name=model]'))
      box.checked = models.includes(box.value);
    this.#side.value = String(side);
    this.#chooseNoise(NOISE_KINDS.some(({ name }) => name === noise) ? noise : 'gaussian');
    this.#level.value = String(level);
    this.#level.value = String(this.#validLevel());
    this.#slider.value = String(placeOf(this.#validLevel(), scaleOf(this.#noise.value)));
    this.#nameLevel();
    this.#seed.value = String(seed);
    this.#sigma.value = sigma;
  }

  #chooseNoise(name: string): void {
    this.#noise.value = name;
    const { range, levels, parameter } = this.#kind();
    [this.#level.min, this.#level.max] = range.map(String) as [string, string];
    this.#level.step = name === 'quantisation' || name === 'jpeg' ? '1' : 'any';
    this.#level.value = String(levels[Math.floor(levels.length / 2)]);
    this.#slider.value = String(placeOf(this.#level.valueAsNumber, scaleOf(name)));
    element('level-name').textContent = parameter[0]?.toUpperCase() + parameter.slice(1);
    this.#nameLevel();
    for (const text of document.querySelectorAll<HTMLElement>('[data-noise]'))
      text.hidden = text.dataset.noise !== name;
  }

  /** A slider of places would be read out as a place. */
  #nameLevel(): void {
    this.#slider.setAttribute('aria-valuetext', this.#level.value);
  }

  #kind() {
    return (
      NOISE_KINDS.find(({ name }) => name === this.#noise.value) ?? (NOISE_KINDS[0] as (typeof NOISE_KINDS)[number])
    );
  }

  #validLevel(): number {
    const { range, levels } = this.#kind();
    const typed = this.#level.valueAsNumber;
    const value = Number.isFinite(typed) ? Math.min(range[1], Math.max(range[0], typed)) : (levels[0] as number);
    return this.#level.step === '1' ? Math.round(value) : value;
  }

  #validSeed(): number {
    const typed = Math.round(this.#seed.valueAsNumber);
    return Number.isFinite(typed) ? Math.min(2 ** 31, Math.max(0, typed)) : 1;
  }
}
