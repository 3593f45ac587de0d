import type { DenoiseImageElement, View } from './contract.ts';
import { create, icon, languageOf } from './dom.ts';
import type { Label, Words } from './labels.ts';

const VIEWS: readonly View[] = ['split', 'after', 'before', 'residual'];
const AMOUNTS = ['strength', 'luma', 'chroma'] as const;

/** What can be done with a result: other views, sliders, full size, the file. They set the element's attributes. */
export class Tools {
  readonly element: HTMLElement;
  readonly #host: DenoiseImageElement;
  readonly #words: Words;
  readonly #views: HTMLInputElement[];
  readonly #amounts: { name: (typeof AMOUNTS)[number]; input: HTMLInputElement; output: HTMLOutputElement }[];
  readonly #zoom: HTMLButtonElement;
  readonly #adjust: HTMLButtonElement;
  readonly #panel: HTMLElement;

  constructor(host: DenoiseImageElement, words: Words) {
    this.#host = host;
    this.#words = words;
    this.#views = VIEWS.map((view) => {
      const input = create('input', { type: 'radio', name: 'view', value: view, class: 'unseen' });
      input.addEventListener('change', () => {
        host.view = view;
      });
      return input;
    });
    this.#amounts = AMOUNTS.map((name) => {
      const input = create('input', { type: 'range', min: '0', max: '100', part: `slider ${name}` });
      input.addEventListener('input', () => {
        host[name] = input.valueAsNumber / 100;
      });
      return { name, input, output: create('output') };
    });
    this.#panel = create(
      'div',
      { class: 'panel', part: 'panel', id: 'panel' },
      ...this.#amounts.map(({ name, input, output }) =>
        create('label', {}, words.write(create('span'), name), input, output),
      ),
    );
    this.#adjust = this.#button('adjust', 'M3 6h8M15 6h2M3 14h2M9 14h8M13 4v4M7 12v4', () =>
      this.#open(this.#panel.hidden === true),
    );
    this.#adjust.setAttribute('aria-controls', 'panel');
    this.#zoom = this.#button('zoom', 'M8 3H3v5M3 3l5.5 5.5M12 17h5v-5M17 17l-5.5-5.5', () => {
      host.zoom = host.zoom === 'full' ? 'fit' : 'full';
    });
    const save = this.#button(
      'save',
      'M10 3v9.5M6 9l4 4 4-4M4 17h12',
      () => void host.save().catch(() => 'told by an event'),
    );
    this.element = create(
      'div',
      { class: 'tools', part: 'controls', role: 'group' },
      this.#panel,
      create(
        'div',
        { class: 'row' },
        words.write(
          create(
            'div',
            { class: 'views', role: 'radiogroup' },
            ...this.#views.map((input, i) =>
              create('label', {}, input, words.write(create('span'), VIEWS[i] as Label)),
            ),
          ),
          'view',
          'aria-label',
        ),
        create('div', { class: 'icons' }, this.#adjust, this.#zoom, save),
      ),
    );
    words.write(this.element, 'controls', 'aria-label');
    this.element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || this.#panel.hidden) return;
      event.stopPropagation();
      this.close();
      this.#adjust.focus();
    });
    this.close();
  }

  update(): void {
    const { view, zoom } = this.#host;
    for (const input of this.#views) input.checked = input.value === view;
    for (const { name, input, output } of this.#amounts) {
      const percent = Math.round(this.#host[name] * 100);
      input.value = String(percent);
      output.textContent = this.#host[name].toLocaleString(languageOf(this.#host), { style: 'percent' });
    }
    this.#zoom.setAttribute('aria-pressed', String(zoom === 'full'));
  }

  close(): void {
    this.#open(false);
  }

  #open(open: boolean): void {
    this.#panel.hidden = !open;
    this.#adjust.setAttribute('aria-expanded', String(open));
  }

  #button(label: Label, lines: string, action: () => void): HTMLButtonElement {
    const button = create('button', { type: 'button', class: 'plain', part: `button ${label}` }, icon(lines));
    button.addEventListener('click', action);
    return this.#words.write(button, label, 'aria-label', 'title');
  }
}
