import type { ModelSummary } from '../../edge/api.ts';
import { element } from '../../page/element.ts';
import { make } from '../dom.ts';
import type { BenchSetup, View } from '../experiment.ts';
import { aboutNoisy, aboutResult, origin } from './about.ts';
import { Card } from './card.ts';
import { rank, rankingTable } from './ranking.ts';
import type { Trial } from './trial.ts';

const REFERENCES = { clean: 'Clean', noisy: 'Noisy' };

/** What is said of a denoiser's card to those who cannot see it. */
const WORDS: Record<View, string> = { picture: 'denoised', removed: 'what it removed', error: 'its error' };

type Shown = Pick<BenchSetup, 'view' | 'x' | 'y' | 'zoom'>;

/** The clean picture, the noisy one, and one card for each denoiser; below them the ranking. */
export class Cards {
  readonly #onPoint: (x: number, y: number) => void;
  #cards = new Map<string, Card>();

  /** `onPoint` hears where somebody presses on a picture, as parts of width and height. */
  constructor(onPoint: (x: number, y: number) => void) {
    this.#onPoint = onPoint;
  }

  draw(trial: Trial, models: readonly ModelSummary[], shown: Shown): void {
    this.#layOut(models);
    this.#drawReferences(trial, shown.view);
    const ranked = rank(
      models.flatMap((model) => {
        const figures = trial.figures(model);
        return figures ? [{ model, figures }] : [];
      }),
    );
    for (const model of models) {
      const place = ranked.findIndex((entry) => entry.model === model);
      this.#drawResult(trial, model, shown.view, ranked.length > 1 && place >= 0 ? `${place + 1}.` : '');
    }
    this.magnify(shown);
    element('ranking').replaceChildren(rankingTable(trial.noisy, ranked));
  }

  magnify(shown: Shown): void {
    for (const card of this.#cards.values()) card.magnify(shown);
  }

  /** Cards that are there already stay: what somebody has opened on them stays open. */
  #layOut(models: readonly ModelSummary[]): void {
    const wanted = [...Object.keys(REFERENCES), ...models.map(({ id }) => id)];
    if (wanted.join() === [...this.#cards.keys()].join()) return;
    const kept = this.#cards;
    this.#cards = new Map([
      ...Object.entries(REFERENCES).map(([id, title]) => [id, kept.get(id) ?? this.#make(id, title)] as const),
      ...models.map((model) => [model.id, kept.get(model.id) ?? this.#make(model.id, model.title, model)] as const),
    ]);
    element('cards').replaceChildren(...[...this.#cards.values()].map((card) => card.element));
  }

  #make(id: string, title: string, model?: ModelSummary): Card {
    const card = new Card(title, id);
    card.onPoint(this.#onPoint);
    if (model) card.element.lastElementChild?.append(origin(model));
    return card;
  }

  #drawReferences(trial: Trial, view: View): void {
    const { clean } = trial.picture;
    const cleanCard = this.#cards.get('clean');
    cleanCard?.show(clean, 'The clean picture');
    const size = `${clean.width} × ${clean.height} px, ${clean.channels === 1 ? 'grey' : 'colour'}`;
    cleanCard?.about.replaceChildren(make('div', { class: 'quiet' }, size));
    const { noisy, difference } = trial.noisy;
    const noisyCard = this.#cards.get('noisy');
    if (view === 'picture') noisyCard?.show(noisy, 'With noise');
    else noisyCard?.show(difference, 'The noise that was added');
    if (noisyCard) noisyCard.rank = view === 'picture' ? '' : 'noise added';
    noisyCard?.about.replaceChildren(...aboutNoisy(trial));
  }

  #drawResult(trial: Trial, model: ModelSummary, view: View, place: string): void {
    const card = this.#cards.get(model.id);
    if (!card) return;
    card.rank = place;
    const result = trial.known(model);
    if (!result) {
      card.wait(trial.noisy.noisy, 'not run yet');
      card.about.replaceChildren();
      return;
    }
    card.show(view === 'picture' ? result.image : result.pictures[view], `${model.title}: ${WORDS[view]}`);
    card.about.replaceChildren(...aboutResult(model, result, trial));
  }
}
