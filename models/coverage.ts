import type { Rectangle } from './tiles.ts';

/** Which blocks of an image, in steps of the model's size multiple, are finished. Parts of tiles begin on these. */
export class Coverage {
  readonly #blocks: Uint8Array;
  readonly #columns: number;
  readonly #step: number;

  constructor(width: number, height: number, step: number) {
    this.#step = step;
    this.#columns = Math.ceil(width / step);
    this.#blocks = new Uint8Array(this.#columns * Math.ceil(height / step));
  }

  add(tile: Rectangle): void {
    for (const block of this.#of(tile)) this.#blocks[block] = 1;
  }

  remove(tile: Rectangle): void {
    for (const block of this.#of(tile)) this.#blocks[block] = 0;
  }

  has(tile: Rectangle): boolean {
    for (const block of this.#of(tile)) if (!this.#blocks[block]) return false;
    return true;
  }

  *#of({ x, y, width, height }: Rectangle): Generator<number> {
    for (let row = y / this.#step; row * this.#step < y + height; row++) {
      for (let column = x / this.#step; column * this.#step < x + width; column++) yield row * this.#columns + column;
    }
  }
}
