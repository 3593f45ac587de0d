import { element } from '../../page/element.ts';
import type { Item } from '../queue/item.ts';
import type { Queue } from '../queue/queue.ts';
import type { Runner } from '../queue/runner.ts';
import { addressOf } from '../queue/thumbnails.ts';

const STATES = { arriving: '', waiting: 'Waiting', done: 'Done', failed: 'Failed' } as const;

interface Frame {
  readonly place: HTMLLIElement;
  readonly button: HTMLButtonElement;
  readonly image: HTMLImageElement;
  readonly name: HTMLElement;
  readonly state: HTMLElement;
}

/** The queue as a filmstrip. Frames stay where they are in the document, so that the focus does. */
export class Strip {
  readonly #list = element('strip', HTMLOListElement);
  readonly #frames = new Map<string, Frame>();
  readonly #queue: Queue;
  readonly #runner: Runner;
  readonly #select: (id: string) => void;

  constructor(queue: Queue, runner: Runner, select: (id: string) => void) {
    this.#queue = queue;
    this.#runner = runner;
    this.#select = select;
    this.#list.addEventListener('keydown', (event) => this.#onKey(event));
  }

  show(selected: string | undefined): void {
    const { items } = this.#queue;
    const here = new Set(items.map(({ id }) => id));
    for (const [id, { place, image }] of this.#frames) {
      if (here.has(id)) continue;
      URL.revokeObjectURL(image.src);
      place.remove();
      this.#frames.delete(id);
    }
    items.forEach((item, i) => {
      const frame = this.#frames.get(item.id) ?? this.#make(item);
      if (this.#list.children[i] !== frame.place) this.#list.insertBefore(frame.place, this.#list.children[i] ?? null);
      this.#fill(frame, item, item.id === selected);
    });
  }

  #make({ id, name }: Item): Frame {
    const place = document.createElement('li');
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'frame';
    button.addEventListener('click', () => this.#select(id));
    const image = document.createElement('img');
    image.alt = '';
    const [label, state] = [document.createElement('span'), document.createElement('span')];
    label.className = 'frame-name';
    label.textContent = name;
    state.className = 'frame-state';
    button.append(image, label, state);
    place.append(button);
    const frame = { place, button, image, name: label, state };
    this.#frames.set(id, frame);
    return frame;
  }

  #fill({ button, image, state }: Frame, item: Item, selected: boolean): void {
    if (item.thumbnail && !image.src) image.src = addressOf(item.thumbnail);
    const running = this.#runner.running === item.id;
    const text = running ? 'Working' : item.saved ? 'Saved' : STATES[item.state];
    if (state.textContent !== text) state.textContent = text;
    button.dataset.state = running ? 'running' : item.saved ? 'saved' : item.state;
    if (selected) button.setAttribute('aria-current', 'true');
    else button.removeAttribute('aria-current');
  }

  /** Arrows go from frame to frame; with Alt they move the frame itself. */
  #onKey(event: KeyboardEvent): void {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : undefined;
    const frames = [...this.#list.querySelectorAll('button')];
    const at = frames.indexOf(document.activeElement as HTMLButtonElement);
    if (by === undefined || at < 0) return;
    event.preventDefault();
    const id = this.#queue.items[at]?.id;
    if (event.altKey && id) this.#queue.move(id, by).catch((reason) => console.error('degrain: the queue', reason));
    else frames[at + by]?.focus();
  }
}
