import type { FloatImage } from '../../../models/image.ts';
import { element } from '../../page/element.ts';
import { EXAMPLES, exampleOf } from '../digits/examples.ts';
import { frame } from '../digits/frame.ts';
import { Pad } from '../digits/pad.ts';
import { make } from '../dom.ts';
import type { DataSet, LatentSetup } from '../experiment.ts';

const ENDS = ['from', 'to'] as const;
type Names = Pick<LatentSetup, (typeof ENDS)[number]>;

/** The two pictures that a walk leads between: examples, or drawn. */
export class WalkEnds {
  readonly #pads = {
    from: new Pad(element('walk-pad-from', HTMLCanvasElement)),
    to: new Pad(element('walk-pad-to', HTMLCanvasElement)),
  };
  readonly #selects = { from: element('walk-from', HTMLSelectElement), to: element('walk-to', HTMLSelectElement) };
  #data: DataSet = 'mnist';

  onChange(changed: () => void): void {
    for (const end of ENDS) {
      const [pad, select] = [this.#pads[end], this.#selects[end]];
      select.addEventListener('change', () => {
        this.#draw(end);
        changed();
      });
      // the first line of a drawing takes the example's place, the next ones join it
      pad.onDrawn(changed, () => {
        if (select.value !== 'own') pad.clear();
        select.value = 'own';
      });
    }
  }

  get names(): Names {
    return { from: this.#selects.from.value, to: this.#selects.to.value };
  }

  /** Drawings stay where they are; in place of those that a link had, there is an example. */
  show(data: DataSet, names: Names): void {
    for (const end of ENDS) {
      const select = this.#selects[end];
      const isDrawn = names[end] === 'own' && select.value === 'own' && this.#data === data;
      const options = EXAMPLES[data].map(({ name, title }) => make('option', { value: name }, title));
      select.replaceChildren(...options, make('option', { value: 'own' }, 'a drawing'));
      select.value = isDrawn ? 'own' : exampleOf(data, names[end]).name;
      if (!isDrawn) this.#pads[end].draw(exampleOf(data, select.value));
    }
    this.#data = data;
  }

  /** Both, as the data set has them; undefined where nothing is drawn. */
  get images(): [from: FloatImage | undefined, to: FloatImage | undefined] {
    return [frame(this.#pads.from.ink, this.#data), frame(this.#pads.to.ink, this.#data)];
  }

  #draw(end: (typeof ENDS)[number]): void {
    const { value } = this.#selects[end];
    if (value === 'own') this.#pads[end].clear();
    else this.#pads[end].draw(exampleOf(this.#data, value));
  }
}
