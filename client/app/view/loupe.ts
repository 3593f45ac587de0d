import { element } from '../../page/element.ts';
import type { DenoiseImageElement } from '../../widget/contract.ts';

/** Px of the photo that an arrow key goes. */
const STEP = 16;

const KEYS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

/** The same spot before and after, side by side at 100 %: one pixel of the photo is one of the screen's. */
export class Loupe {
  readonly #photo: DenoiseImageElement;
  readonly #pane = element('loupe');
  readonly #at = element('loupe-at', HTMLButtonElement);
  readonly #toggle = element('loupe-toggle', HTMLButtonElement);
  readonly #before = element('loupe-before', HTMLCanvasElement);
  readonly #after = element('loupe-after', HTMLCanvasElement);
  /** The photo before, decoded outside of the page's thread; only while the loupe is open. */
  #noisy: { of: Blob; bitmap: Promise<ImageBitmap> } | undefined;
  /** Where it looks, 0..1 of the photo's sides. */
  #spot = { x: 0.5, y: 0.5 };
  #size: { width: number; height: number } | undefined;
  #drawing = false;

  constructor(photo: DenoiseImageElement) {
    this.#photo = photo;
    this.#toggle.addEventListener('click', () => this.#open(this.#toggle.ariaPressed !== 'true'));
    this.#at.addEventListener('keydown', (event) => this.#onKey(event));
    // above the divider, and so that a finger on the photo moves the loupe and does not scroll the page
    this.#at.addEventListener('pointermove', (event) => this.#follow(event));
    this.#at.addEventListener('pointerdown', (event) => this.#follow(event));
    for (const name of ['done', 'tile']) photo.addEventListener(name, () => this.#draw());
  }

  /** Another photo, or another mix of it. */
  update(): void {
    if (this.isOpen) this.#draw();
  }

  get isOpen(): boolean {
    return this.#toggle.ariaPressed === 'true';
  }

  #open(open: boolean): void {
    this.#toggle.ariaPressed = String(open);
    this.#pane.hidden = !open;
    this.#at.hidden = !open;
    if (!open) {
      this.#noisy?.bitmap.then((bitmap) => bitmap.close()).catch(() => 'it was not decoded');
      this.#noisy = undefined;
      return;
    }
    this.#spot = { x: 0.5, y: 0.5 };
    this.#at.focus();
    this.#draw();
  }

  get #denoised(): HTMLCanvasElement | undefined {
    return this.#photo.shadowRoot?.querySelector<HTMLCanvasElement>('canvas[part~=after]') ?? undefined;
  }

  #follow({ clientX, clientY }: PointerEvent): void {
    const { left, top, width, height } = this.#at.getBoundingClientRect();
    this.#lookAt((clientX - left) / width, (clientY - top) / height);
  }

  #lookAt(x: number, y: number): void {
    const inside = (value: number) => Math.min(1, Math.max(0, value));
    this.#spot = { x: inside(x), y: inside(y) };
    this.#draw();
  }

  #onKey(event: KeyboardEvent): void {
    const by = KEYS[event.key];
    if (event.key === 'Escape') {
      event.stopPropagation();
      this.#open(false);
      this.#toggle.focus();
    }
    if (!by) return;
    event.preventDefault();
    const { width = 1, height = 1 } = this.#size ?? {};
    this.#lookAt(this.#spot.x + by[0] / width, this.#spot.y + by[1] / height);
  }

  /** Once a frame at most. */
  #draw(): void {
    if (this.#drawing || !this.isOpen) return;
    this.#drawing = true;
    requestAnimationFrame(async () => {
      this.#drawing = false;
      const after = this.#denoised;
      const before = await this.#bitmap()?.catch(() => undefined);
      if (!this.isOpen || !after || !before) return;
      const { width, height } = before;
      this.#size = { width, height };
      const side = Math.round(this.#before.clientWidth * devicePixelRatio);
      const corner = (at: number, most: number) =>
        Math.round(Math.min(Math.max(0, most - side), Math.max(0, at - side / 2)));
      const [left, top] = [corner(this.#spot.x * width, width), corner(this.#spot.y * height, height)];
      this.#mark(left, top, side);
      // out of the way of what is looked at
      this.#pane.classList.toggle('at-start', this.#spot.x > 0.5);
      for (const [canvas, picture] of [
        [this.#before, before],
        [this.#after, after],
      ] as const) {
        canvas.width = side;
        canvas.height = side;
        // before the first part has come there is no canvas to look at
        if (picture.width > 0) canvas.getContext('2d')?.drawImage(picture, -left, -top);
      }
    });
  }

  /** Where on the photo that is. */
  #mark(left: number, top: number, side: number): void {
    const { width = 1, height = 1 } = this.#size ?? {};
    const places = { left: left / width, top: top / height, width: side / width, height: side / height };
    for (const [name, part] of Object.entries(places)) {
      this.#at.style.setProperty(`--${name}`, `${100 * Math.min(1, part)}%`);
    }
  }

  #bitmap(): Promise<ImageBitmap> | undefined {
    const { file } = this.#photo;
    if (!file) return undefined;
    if (this.#noisy?.of !== file) {
      this.#noisy?.bitmap.then((bitmap) => bitmap.close()).catch(() => 'it was not decoded');
      this.#noisy = { of: file, bitmap: createImageBitmap(file) };
    }
    return this.#noisy?.bitmap;
  }
}
