import type { DenoiseResult, TileEvent } from '../contract.ts';
import type { DenoiseImageElement } from './contract.ts';
import { Divider } from './divider.ts';
import { adopt, create } from './dom.ts';
import type { Face } from './face.ts';
import type { Words } from './labels.ts';
import { paintResidual } from './residual.ts';
import { Tools } from './tools.ts';
import css from './viewer.css?inline';

/** What lies over the picture once a run has begun: the denoised one, the noise, the divider, the tools. */
export class Viewer {
  readonly #host: DenoiseImageElement;
  readonly #face: Face;
  readonly #after = create('canvas', { class: 'layer', part: 'after', 'aria-hidden': 'true' });
  readonly #residual = create('canvas', { class: 'layer', part: 'residual', 'aria-hidden': 'true' });
  readonly #divider: Divider;
  readonly #tools: Tools;
  readonly #words: Words;
  #result: DenoiseResult<ImageData> | undefined;

  constructor(host: DenoiseImageElement, face: Face, words: Words) {
    this.#host = host;
    this.#face = face;
    this.#words = words;
    adopt(face.root, css);
    this.#after.classList.add('after');
    this.#residual.classList.add('residual');
    face.sheet.append(this.#after, this.#residual);
    this.#divider = new Divider(host, face, words);
    this.#tools = new Tools(host, words);
    face.tools.append(this.#tools.element);
    this.clear();
  }

  /** Room for the tiles of a picture of this size, px, over what shows it. */
  begin(width: number, height: number, image: HTMLImageElement): void {
    this.#after.width = width;
    this.#after.height = height;
    // the page may have cut, placed and rounded its <img> as it likes
    const { objectFit, objectPosition, borderRadius } = getComputedStyle(image);
    for (const canvas of [this.#after, this.#residual]) Object.assign(canvas.style, { objectFit, objectPosition });
    this.#face.frame.style.borderRadius = borderRadius === '0px' ? '' : borderRadius;
    this.#face.frame.style.setProperty('--width', `${width / devicePixelRatio}px`);
    this.#face.frame.style.setProperty('--ratio', `${width} / ${height}`);
    this.update();
  }

  paint({ image, tile: { x, y } }: Pick<TileEvent, 'image' | 'tile'>): void {
    this.#after.getContext('2d')?.putImageData(image, x, y);
  }

  replace(image: ImageData): void {
    this.paint({ image, tile: { x: 0, y: 0, width: image.width, height: image.height } });
  }

  finish(result: DenoiseResult<ImageData>, image: HTMLImageElement): void {
    const { width, height } = result;
    this.#result = result;
    // a denoiser of the page's own need not have said so before
    if (this.#after.width !== width || this.#after.height !== height) this.begin(width, height, image);
    this.replace(result.image);
    this.update();
    this.#divider.reveal();
  }

  /** After a change of the attributes. */
  update(): void {
    const { view, zoom } = this.#host;
    const { frame, scroll } = this.#face;
    frame.dataset.view = view;
    const wasFit = frame.dataset.zoom !== 'full';
    frame.dataset.zoom = zoom;
    // what scrolls can be reached by keyboard, and says what it is
    for (const [name, value] of [
      ['tabindex', '0'],
      ['role', 'region'],
      ['aria-label', this.#words.say('scroll')],
    ] as const) {
      if (zoom === 'full') scroll.setAttribute(name, value);
      else scroll.removeAttribute(name);
    }
    // the middle stays in the middle
    if (wasFit && zoom === 'full') {
      scroll.scrollTo((scroll.scrollWidth - scroll.clientWidth) / 2, (scroll.scrollHeight - scroll.clientHeight) / 2);
    }
    this.#divider.update();
    this.#tools.update();
    if (view === 'residual' && this.#result) void this.#showResidual(this.#result);
  }

  /** The memory of the canvases goes at once, not when the garbage collector comes. */
  clear(): void {
    this.#result = undefined;
    for (const canvas of [this.#after, this.#residual]) {
      canvas.width = 0;
      canvas.height = 0;
    }
    this.#tools.close();
  }

  async #showResidual(result: DenoiseResult<ImageData>): Promise<void> {
    if (this.#residual.width > 0) return;
    try {
      await paintResidual(this.#residual, result);
    } catch (reason) {
      // released meanwhile: there is nothing left to show
      console.debug('degrain: no residual', reason);
    }
  }
}
