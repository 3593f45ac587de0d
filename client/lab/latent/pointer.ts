import { element } from '../../page/element.ts';
import { clamp, partOf, valueAt } from './plane.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: 1 },
  ArrowDown: { x: 0, y: -1 },
};

/** The square of pictures and the two sliders: they are one point. */
export class PlanePointer {
  readonly #square = element('plane');
  readonly #dot = element('plane-point');
  readonly #x = element('latent-x', HTMLInputElement);
  readonly #y = element('latent-y', HTMLInputElement);

  onMove(moved: () => void): void {
    this.#square.tabIndex = 0;
    const move = (point: Point) => {
      this.point = point;
      moved();
    };
    const press = ({ clientX, clientY, buttons, type }: PointerEvent) => {
      if (type === 'pointermove' && buttons === 0) return;
      const { left, bottom, width, height } = this.#square.getBoundingClientRect();
      move({ x: valueAt((clientX - left) / width), y: valueAt((bottom - clientY) / height) });
    };
    this.#square.addEventListener('pointerdown', (event) => {
      this.#square.setPointerCapture(event.pointerId);
      press(event);
    });
    this.#square.addEventListener('pointermove', press);
    this.#square.addEventListener('keydown', (event) => {
      const arrow = ARROWS[event.key];
      if (!arrow) return;
      event.preventDefault();
      const step = event.shiftKey ? 0.5 : 0.1;
      move({ x: this.point.x + arrow.x * step, y: this.point.y + arrow.y * step });
    });
    for (const input of [this.#x, this.#y]) input.addEventListener('input', () => move(this.point));
    element('latent-middle').addEventListener('click', () => move({ x: 0, y: 0 }));
  }

  get point(): Point {
    return { x: this.#x.valueAsNumber, y: this.#y.valueAsNumber };
  }

  set point({ x, y }: Point) {
    this.#x.valueAsNumber = clamp(x);
    this.#y.valueAsNumber = clamp(y);
    const now = this.point;
    this.#dot.style.left = `${(partOf(now.x) * 100).toFixed(2)}%`;
    this.#dot.style.bottom = `${(partOf(now.y) * 100).toFixed(2)}%`;
    element('latent-x-value').textContent = signed(now.x);
    element('latent-y-value').textContent = signed(now.y);
  }
}

const signed = (value: number) => value.toFixed(2).replace('-', '−');
