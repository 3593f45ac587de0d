import type { RasterImage } from '../../../models/image.ts';
import { toRgba } from '../../files/pixels.ts';
import { make } from '../dom.ts';
import type { BenchSetup } from '../experiment.ts';

/** The loupe's strip is so many times as wide as it is high. */
const LOUPE_SHAPE = 5 / 2;

type Spot = Pick<BenchSetup, 'x' | 'y' | 'zoom'>;

/** A picture with its name, the loupe's strip below it, and room for what is said of it. */
export class Card {
  readonly element: HTMLElement;
  readonly about = make('div', { class: 'about' });
  readonly #canvas = make('canvas', { role: 'img', width: 3, height: 2 });
  readonly #loupe = make('canvas', { class: 'loupe', width: 5, height: 2, 'aria-hidden': 'true' });
  readonly #spot = make('span', { class: 'spot', 'aria-hidden': 'true' });
  readonly #shown = make('div', { class: 'shown' }, this.#canvas, this.#spot);
  readonly #rank = make('span', { class: 'rank' });
  readonly #title: string;
  #image: RasterImage | undefined;

  constructor(title: string, id: string) {
    this.#title = title;
    const name = make('div', { class: 'name' }, make('span', {}, title), this.#rank);
    const caption = make('figcaption', {}, name, this.about);
    this.element = make('figure', { class: 'trial', 'data-card': id }, this.#shown, this.#loupe, caption);
  }

  /** Where somebody presses on the picture, as parts of width and height. */
  onPoint(use: (x: number, y: number) => void): void {
    const point = ({ clientX, clientY, buttons, type }: PointerEvent) => {
      if (type === 'pointermove' && buttons === 0) return;
      const { left, top, width, height } = this.#canvas.getBoundingClientRect();
      const part = (at: number, length: number) => Math.min(1, Math.max(0, at / length));
      use(part(clientX - left, width), part(clientY - top, height));
    };
    this.#shown.addEventListener('pointerdown', point);
    this.#shown.addEventListener('pointermove', point);
  }

  /** Keeps its place with nothing in it: what it shows is not known yet. */
  wait({ width, height }: RasterImage, text: string): void {
    this.#image = undefined;
    this.#canvas.width = width;
    this.#canvas.height = height;
    this.#shown.dataset.waiting = text;
    this.element.classList.add('waiting');
    this.#canvas.setAttribute('aria-label', `${this.#title}: ${text}`);
    this.#loupe.getContext('2d')?.clearRect(0, 0, this.#loupe.width, this.#loupe.height);
  }

  /** @param what is said of the picture to those who cannot see it */
  show(image: RasterImage, what: string): void {
    if (image !== this.#image) {
      this.#canvas.width = image.width;
      this.#canvas.height = image.height;
      this.#canvas.getContext('2d')?.putImageData(toRgba(image), 0, 0);
    }
    this.#image = image;
    this.#canvas.setAttribute('aria-label', what);
    this.element.classList.remove('waiting');
  }

  set rank(text: string) {
    this.#rank.textContent = text;
  }

  magnify(spot: Spot): void {
    const { width, height } = this.#canvas;
    const wide = width / spot.zoom;
    const high = Math.min(height, wide / LOUPE_SHAPE);
    const left = Math.min(width - wide, Math.max(0, spot.x * width - wide / 2));
    const top = Math.min(height - high, Math.max(0, spot.y * height - high / 2));
    const { style } = this.#spot;
    const percent = (part: number) => `${(part * 100).toFixed(3)}%`;
    style.left = percent(left / width);
    style.top = percent(top / height);
    style.width = percent(wide / width);
    style.height = percent(high / height);
    if (this.element.classList.contains('waiting')) return;
    this.#loupe.width = Math.max(1, Math.round(wide));
    this.#loupe.height = Math.max(1, Math.round(high));
    // pixel for pixel: the style sheet enlarges it without smoothing
    const { width: w, height: h } = this.#loupe;
    this.#loupe.getContext('2d')?.drawImage(this.#canvas, Math.round(left), Math.round(top), w, h, 0, 0, w, h);
  }
}
