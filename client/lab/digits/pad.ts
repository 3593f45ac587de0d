import { BRUSH, clear, drawExample, type Example, inkOf } from './examples.ts';
import type { Ink } from './frame.ts';

/** The drawing area: a pen, a finger or a mouse leaves light ink on black. */
export class Pad {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  #last: { x: number; y: number } | undefined;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;
    clear(this.#context);
  }

  /** `start` hears when a line begins, before it does, and `drawn` when it has ended. */
  onDrawn(drawn: () => void, start: () => void = () => {}): void {
    this.#canvas.addEventListener('pointerdown', (event) => {
      start();
      this.#canvas.setPointerCapture(event.pointerId);
      this.#last = this.#at(event);
      this.#line(this.#last);
    });
    this.#canvas.addEventListener('pointermove', (event) => {
      if (!this.#last) return;
      // all that happened since the last frame: quick lines stay round
      const coalesced = event.getCoalescedEvents?.() ?? [];
      for (const at of coalesced.length > 0 ? coalesced : [event]) this.#line(this.#at(at));
    });
    for (const end of ['pointerup', 'pointercancel'] as const) {
      this.#canvas.addEventListener(end, () => {
        if (this.#last) drawn();
        this.#last = undefined;
      });
    }
  }

  clear(): void {
    clear(this.#context);
  }

  draw(example: Example): void {
    drawExample(this.#context, example);
  }

  get ink(): Ink {
    return inkOf(this.#context);
  }

  #at({ clientX, clientY }: PointerEvent) {
    const { left, top, width } = this.#canvas.getBoundingClientRect();
    const scale = this.#canvas.width / width;
    return { x: (clientX - left) * scale, y: (clientY - top) * scale };
  }

  #line(to: { x: number; y: number }): void {
    const from = this.#last ?? to;
    Object.assign(this.#context, { strokeStyle: '#fff', lineWidth: BRUSH, lineCap: 'round', lineJoin: 'round' });
    this.#context.beginPath();
    this.#context.moveTo(from.x, from.y);
    this.#context.lineTo(to.x, to.y);
    this.#context.stroke();
    this.#last = to;
  }
}
