import { element } from '../page/element.ts';

/** Milliseconds that the divider takes to the middle when the result is there. */
const REVEAL = 700;

/** The photo before and after, with a divider: before on its left, after on its right. */
export class Viewer {
  readonly #frame = element('frame');
  readonly #scroll = element('scroll');
  readonly #before = element('before', HTMLImageElement);
  readonly #after = element('after', HTMLCanvasElement);
  readonly #split = element('split', HTMLInputElement);
  readonly #zoom = element('zoom', HTMLButtonElement);
  #address = '';

  constructor() {
    this.#split.addEventListener('input', () => this.#divide());
    this.#scroll.addEventListener('scroll', () => this.#divide(), { passive: true });
    new ResizeObserver(() => this.#divide()).observe(this.#frame);
    this.#zoom.addEventListener('click', () => this.#setZoom(this.#zoom.ariaPressed !== 'true'));
  }

  /** Shows the photo as it came; resolves when it is decoded and tiles can be painted over it. */
  async show(file: Blob): Promise<void> {
    this.clear();
    this.#address = URL.createObjectURL(file);
    this.#before.src = this.#address;
    await this.#before.decode();
    const { naturalWidth: width, naturalHeight: height } = this.#before;
    this.#after.width = width;
    this.#after.height = height;
    this.#frame.style.setProperty('--width', String(width));
    this.#frame.style.setProperty('--height', String(height));
    this.#split.value = '0';
    this.#divide();
  }

  paint(image: ImageData, { x, y }: { x: number; y: number }): void {
    this.#after.getContext('2d')?.putImageData(image, x, y);
  }

  replace(image: ImageData): void {
    this.paint(image, { x: 0, y: 0 });
  }

  /** The whole result, and the divider in the middle. */
  finish(image: ImageData): void {
    this.replace(image);
    this.#frame.classList.add('finished');
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) this.#setSplit(50);
    else this.#slideTo(50);
  }

  clear(): void {
    URL.revokeObjectURL(this.#address);
    this.#before.removeAttribute('src');
    this.#after.width = 0;
    this.#frame.classList.remove('finished');
    this.#setZoom(false);
  }

  #slideTo(target: number): void {
    const started = performance.now();
    const step = (now: number) => {
      const part = Math.min(1, (now - started) / REVEAL);
      this.#setSplit(target * (1 - (1 - part) ** 3));
      if (part < 1 && this.#frame.classList.contains('finished')) requestAnimationFrame(step);
    };
    // who takes the divider keeps it
    const stop = () => this.#setSplit(this.#split.valueAsNumber);
    this.#split.addEventListener('pointerdown', stop, { once: true });
    requestAnimationFrame(step);
  }

  #setSplit(value: number): void {
    this.#split.value = String(value);
    this.#divide();
  }

  #setZoom(full: boolean): void {
    this.#zoom.ariaPressed = String(full);
    this.#frame.classList.toggle('full-size', full);
    this.#divide();
  }

  /** Cuts both pictures at the divider, which stands in the frame, not in the picture that scrolls under it. */
  #divide(): void {
    const { scrollLeft, clientWidth } = this.#scroll;
    const at = (clientWidth * this.#split.valueAsNumber) / 100;
    this.#frame.style.setProperty('--split', `${at}px`);
    this.#frame.style.setProperty('--cut', `${scrollLeft + at}px`);
  }
}
