import { element } from '../../page/element.ts';
import { type BenchSetup, VIEWS, type View } from '../experiment.ts';

type Shown = Pick<BenchSetup, 'view' | 'x' | 'y' | 'zoom'>;

const TEXTS: Record<View, string> = {
  picture: 'The pictures themselves.',
  removed:
    'What each took away, noisy − denoised. Ideally noise alone: edges and texture in it are detail that was lost.',
  error: 'What is still wrong, denoised − clean: noise that was left, and detail that was lost.',
};
const SCALE = ' Mid-grey is no change; black and white are three standard deviations of the noise that was added.';

/** What the cards show, and which spot the loupe is at. */
export class ViewControls {
  readonly #buttons = [...element('views').querySelectorAll<HTMLButtonElement>('button')];
  readonly #x = element('loupe-x', HTMLInputElement);
  readonly #y = element('loupe-y', HTMLInputElement);
  readonly #zoom = element('zoom', HTMLSelectElement);
  #view: View = 'picture';
  #changed: (shown: Shown) => void = () => {};

  onChange(changed: (shown: Shown) => void): void {
    this.#changed = changed;
    for (const button of this.#buttons) {
      button.addEventListener('click', () => {
        this.#choose(VIEWS.find((view) => view === button.dataset.view) ?? 'picture');
        changed(this.shown);
      });
    }
    for (const input of [this.#x, this.#y]) input.addEventListener('input', () => changed(this.shown));
    this.#zoom.addEventListener('change', () => changed(this.shown));
  }

  /** The loupe goes to a spot that was pressed. */
  point(x: number, y: number): void {
    this.#x.valueAsNumber = x;
    this.#y.valueAsNumber = y;
    this.#changed(this.shown);
  }

  get shown(): Shown {
    const zoom = Number(this.#zoom.value) as Shown['zoom'];
    return { view: this.#view, x: this.#x.valueAsNumber, y: this.#y.valueAsNumber, zoom };
  }

  set shown({ view, x, y, zoom }: Shown) {
    this.#choose(view);
    this.#x.valueAsNumber = x;
    this.#y.valueAsNumber = y;
    this.#zoom.value = String(zoom);
  }

  #choose(view: View): void {
    this.#view = view;
    for (const button of this.#buttons) button.setAttribute('aria-pressed', String(button.dataset.view === view));
    element('view-text').textContent = view === 'picture' ? TEXTS[view] : TEXTS[view] + SCALE;
  }
}
