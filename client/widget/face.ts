import type { DegrainError } from '../../models/errors.ts';
import type { Progress } from '../contract.ts';
import type { State } from './contract.ts';
import { adopt, create, icon, languageOf } from './dom.ts';
import css from './face.css?inline';
import type { Words } from './labels.ts';

export interface Actions {
  start(): void;
  cancel(): void;
}

/** What of the element is there before anything is asked: the picture, a button, and the messages about a run. */
export class Face {
  readonly root: ShadowRoot;
  /** Holds the layers of pictures; scrolls in full size. */
  readonly frame = create('div', { class: 'frame', part: 'frame' });
  readonly scroll = create('div', { class: 'scroll' });
  readonly sheet = create('div', { class: 'sheet' });
  /** The element's own <img>; hidden where the page brings one. */
  readonly image = create('img', { part: 'before', decoding: 'async' });
  readonly slot = create('slot');
  /** Gets what can be done with a result, once there is one. */
  readonly tools = create('slot', { name: 'controls' });

  readonly #words: Words;
  readonly #bar: Record<State, HTMLElement>;
  readonly #stage = create('span', { class: 'stage' });
  readonly #progress = create('progress', { part: 'progress' });
  readonly #problem = create('p', { class: 'problem' });
  readonly #remedy = create('p', { class: 'remedy' });
  readonly #bars: HTMLElement;
  readonly #live = create('p', { class: 'unseen', role: 'status' });
  #announced = '';

  constructor(root: ShadowRoot, words: Words, { start, cancel }: Actions) {
    this.root = root;
    this.#words = words;
    adopt(root, css);
    const act = (slot: string, button: HTMLButtonElement, action: () => void) => {
      const around = create('slot', { name: slot }, button);
      around.addEventListener('click', action);
      return around;
    };
    const button = (label: 'start' | 'cancel' | 'retry', kind: string) =>
      create('button', { type: 'button', class: kind, part: `button ${label}` }, words.write(create('span'), label));
    const startButton = button('start', 'pill');
    startButton.prepend(icon('M4 15.5 13 6.5M11.5 5l3.5 3.5M15.5 2v3M14 3.5h3M5.5 4v2M4.5 5h2M16 12v2M15 13h2'));
    const close = words.write(
      create('button', { type: 'button', class: 'plain' }, icon('m5 5 10 10M15 5 5 15')),
      'close',
      'aria-label',
      'title',
    );
    close.addEventListener('click', cancel);
    this.#bar = {
      idle: act('start', startButton, start),
      busy: create(
        'div',
        { class: 'card', part: 'status' },
        create('div', { class: 'line' }, this.#stage, act('cancel', button('cancel', 'plain'), cancel)),
        words.write(this.#progress, 'progress', 'aria-label'),
      ),
      done: this.tools,
      failed: create(
        'div',
        { class: 'card', part: 'message' },
        create('div', { class: 'line' }, this.#problem, close),
        this.#remedy,
        act('retry', button('retry', 'plain edged first'), start),
      ),
    };
    const before = create('div', { class: 'layer before' }, this.slot, this.image);
    this.sheet.append(before);
    this.scroll.append(this.sheet);
    this.frame.append(this.scroll);
    this.#bars = create('div', { class: 'bar', part: 'bar' }, ...Object.values(this.#bar));
    this.#bars.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape' && this.frame.dataset.state === 'busy') cancel();
    });
    root.append(this.frame, this.#bars, this.#live);
    new ResizeObserver(() => this.#place()).observe(this.frame);
  }

  /** Without a picture there is nothing to press. */
  set isEmpty(isEmpty: boolean) {
    this.#bars.hidden = isEmpty;
  }

  show(state: State): void {
    const focused = this.root.activeElement;
    for (const [name, element] of Object.entries(this.#bar)) element.hidden = name !== state;
    this.frame.dataset.state = state;
    this.#place();
    this.frame.setAttribute('aria-busy', String(state === 'busy'));
    if (state === 'busy') {
      this.#progress.removeAttribute('value');
      this.#say(this.#words.say('waiting'));
    }
    // who pressed a button that is gone now is not sent back to the top of the page
    const isGone = focused !== null && !isShown(focused);
    if (!isGone) return;
    const next = ['.first', ':checked', 'input, button'].flatMap((kind) => [
      ...this.#bar[state].querySelectorAll<HTMLElement>(kind),
    ]);
    next.find(isShown)?.focus({ preventScroll: true });
  }

  progress({ stage, done, total }: Progress): void {
    // weights still arrive while the noise is measured: a late count of bytes must not push the tiles' bar back
    if (stage === 'weights' && this.#stage.dataset.stage === 'tiles') return;
    this.#stage.dataset.stage = stage;
    const isBytes = stage === 'weights';
    const digits = isBytes ? 1 : 0;
    const [of, all] = [done, total].map((count) =>
      (isBytes ? count / 1e6 : count).toLocaleString(languageOf(this.root.host), {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }),
    );
    this.#say(this.#words.say(stage, { done: of as string, total: all as string }), stage);
    if (stage === 'tiles' || stage === 'weights') this.#progress.value = total === 0 ? 1 : done / total;
    else this.#progress.removeAttribute('value');
  }

  fail({ code, expected, received, remedy }: DegrainError): void {
    const title = this.#words.say('failed');
    this.#problem.textContent = title;
    const help = this.#words.own[`error-${code}`] ?? remedy;
    this.#remedy.textContent = help;
    this.#remedy.title = `Expected ${expected} but received ${received}.`;
    this.announce(`${title} ${help}`);
  }

  /** For screen readers: what changed, but not each tile. A page that brings its own messages tells them itself. */
  announce(text: string, about = text): void {
    if (this.#announced === about || this.root.host.hasAttribute('bare')) return;
    this.#announced = about;
    this.#live.textContent = text;
  }

  /** A bar that the picture is too small for stands below it, and moves nothing; before the picture there is none. */
  #place(): void {
    const { clientWidth, clientHeight, dataset } = this.frame;
    const least = dataset.state === 'idle' ? 170 : 300;
    this.#bars.classList.toggle('below', clientWidth < least || clientHeight < 120);
    this.#bars.classList.toggle('early', clientHeight === 0);
  }

  #say(text: string, about = text): void {
    this.#stage.textContent = text;
    this.announce(text, about);
  }
}

const isShown = (element: Element) => element.getClientRects().length > 0;
