import type { ErrorCode } from '../../models/errors.ts';

/** Every word that the element says; docs/embedding.md explains each. `{…}` is filled in. */
export const ENGLISH = {
  start: 'Remove noise',
  cancel: 'Cancel',
  retry: 'Try again',
  close: 'Close',
  waiting: 'Waiting…',
  decode: 'Reading the picture…',
  plan: 'Planning…',
  weights: 'Loading the model: {done} of {total} MB',
  estimate: 'Measuring the noise…',
  engine: 'Getting ready…',
  tiles: 'Removing noise: {done} of {total}',
  done: 'The noise is removed.',
  clean: 'There is no noise to remove.',
  cancelled: 'Cancelled.',
  failed: 'The noise could not be removed.',
  progress: 'Progress',
  controls: 'Denoised picture',
  view: 'View',
  split: 'Compare',
  after: 'After',
  before: 'Before',
  residual: 'Noise',
  divider: 'How much of the picture before is shown',
  adjust: 'Adjust',
  strength: 'Strength',
  luma: 'Brightness noise',
  chroma: 'Colour noise',
  zoom: 'Full size',
  scroll: 'The picture in full size',
  save: 'Save',
};

export type Label = keyof typeof ENGLISH;

/** The words that a page says itself; `error-network` and the like go before an error's own remedy. */
export type Labels = Partial<Record<Label | `error-${ErrorCode}`, string>>;

/** The words as this page wants them, and where they stand. */
export class Words {
  #own: Labels = {};
  readonly #written: (() => void)[] = [];

  get own(): Labels {
    return this.#own;
  }

  /** What is written already changes with them. */
  set own(labels: Labels) {
    this.#own = labels;
    for (const write of this.#written) write();
  }

  say(label: Label, values: Record<string, string> = {}): string {
    return (this.#own[label] ?? ENGLISH[label]).replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
  }

  /** Onto elements that live as long as these words: as text, or as an attribute. */
  write<Target extends Element>(element: Target, label: Label, ...attributes: string[]): Target {
    const write = () => {
      if (attributes.length === 0) element.textContent = this.say(label);
      for (const name of attributes) element.setAttribute(name, this.say(label));
    };
    this.#written.push(write);
    write();
    return element;
  }
}

/** Of the attribute. */
export function parseLabels(json: string | null): Labels {
  try {
    return json ? JSON.parse(json) : {};
  } catch (reason) {
    console.warn('<denoise-image>: `labels` is no JSON', reason);
    return {};
  }
}
