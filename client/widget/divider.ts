import type { DenoiseImageElement } from './contract.ts';
import { create, icon, languageOf } from './dom.ts';
import type { Face } from './face.ts';
import type { Words } from './labels.ts';

/** Percent. Browsers disagree on what a slider without steps does at a key. */
const KEYS: Record<string, number> = {
  ArrowUp: 1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowLeft: -1,
  PageUp: 10,
  PageDown: -10,
  Home: -100,
  End: 100,
};

/** The line between before and after: a native slider over the whole frame, and what shows where it stands. */
export class Divider {
  readonly #host: DenoiseImageElement;
  readonly #face: Face;
  readonly #line = create(
    'div',
    { class: 'divider', part: 'divider', 'aria-hidden': 'true' },
    create('div', { class: 'handle', part: 'handle' }, icon('m7 5-5 5 5 5M13 5l5 5-5 5')),
  );
  readonly #slider = create('input', { class: 'slider', type: 'range', min: '0', max: '100', step: 'any' });

  constructor(host: DenoiseImageElement, face: Face, words: Words) {
    this.#host = host;
    this.#face = face;
    words.write(this.#slider, 'divider', 'aria-label');
    const badge = (label: 'before' | 'after') =>
      words.write(
        create('span', { class: `badge of-${label}`, part: `badge ${label}-badge`, 'aria-hidden': 'true' }),
        label,
      );
    face.frame.append(badge('before'), badge('after'), this.#slider, this.#line);
    this.#slider.addEventListener('input', () => this.#moveTo(this.#slider.valueAsNumber));
    this.#slider.addEventListener('keydown', (event) => this.#onKey(event));
    face.scroll.addEventListener('scroll', () => this.update(), { passive: true });
    new ResizeObserver(() => this.update()).observe(face.scroll);
  }

  /** From the edge to where it stands, unless the visitor wants no motion. */
  reveal(): void {
    const { frame } = this.#face;
    this.#place(0);
    frame.getBoundingClientRect();
    frame.classList.add('moving');
    this.update();
    const stop = () => frame.classList.remove('moving');
    setTimeout(stop, 700);
    this.#slider.addEventListener('pointerdown', stop, { once: true });
  }

  update(): void {
    const { split } = this.#host;
    this.#slider.valueAsNumber = split;
    const text = (split / 100).toLocaleString(languageOf(this.#host), { style: 'percent' });
    this.#slider.setAttribute('aria-valuetext', text);
    this.#place(split);
  }

  /** The divider stands in the frame, not in the picture that scrolls under it. */
  #place(split: number): void {
    const { frame, scroll } = this.#face;
    const isRtl = getComputedStyle(this.#host).direction === 'rtl';
    const part = (isRtl ? 100 - split : split) / 100;
    frame.classList.toggle('rtl', isRtl);
    frame.style.setProperty('--at', `${100 * part}%`);
    const isFull = this.#host.zoom === 'full';
    frame.style.setProperty('--cut', isFull ? `${scroll.scrollLeft + scroll.clientWidth * part}px` : 'var(--at)');
  }

  #moveTo(split: number): void {
    this.#face.frame.classList.remove('moving');
    this.#host.split = Math.round(split * 10) / 10;
  }

  #onKey(event: KeyboardEvent): void {
    const step = KEYS[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const isRtl = getComputedStyle(this.#host).direction === 'rtl';
    const isMirrored = isRtl && (event.key === 'ArrowLeft' || event.key === 'ArrowRight');
    this.#moveTo(Math.min(100, Math.max(0, this.#host.split + (isMirrored ? -step : step))));
  }
}
