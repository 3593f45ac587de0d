import type { ModelSummary } from '../../edge/api.ts';
import { element } from '../../page/element.ts';
import { listModels } from '../catalogue.ts';
import { announce, make } from '../dom.ts';
import { type BenchSetup, FIRST, type View } from '../experiment.ts';
import { hideError, showError } from '../failures.ts';
import { work } from '../work/connection.ts';
import { aboutNoisy, aboutResult, origin } from './about.ts';
import { Card } from './card.ts';
import { Controls } from './controls.ts';
import { onFile } from './intake.ts';
import { rank, rankingTable } from './ranking.ts';
import { Sweep } from './sweep.ts';
import { type Picture, Trial } from './trial.ts';
import { ViewControls } from './views.ts';

const REFERENCES = { clean: 'Clean', noisy: 'Noisy' };

/** The bench: a picture, noise, and denoisers side by side. */
export class Bench {
  readonly #controls = new Controls();
  readonly #views = new ViewControls();
  readonly #run = element('run', HTMLButtonElement);
  readonly #cancel = element('bench-cancel', HTMLButtonElement);
  readonly #changed: () => void;
  #setup: BenchSetup = FIRST.bench;
  #models: readonly ModelSummary[] = [];
  #cards = new Map<string, Card>();
  #own: { name: string; file: File } | undefined;
  #picture: Picture | undefined;
  #trial: Trial | undefined;
  #preparing = new AbortController();
  #running: AbortController | undefined;

  /** `changed` hears when the setup is another. */
  constructor(changed: () => void) {
    this.#changed = changed;
    this.#controls.onChange(() => this.#use(this.#controls.chosen));
    this.#views.onChange((shown) => {
      this.#setup = { ...this.#setup, ...shown };
      this.#redraw();
      this.#changed();
    });
    onFile((file) => {
      this.#own = { name: `${file.name} ${file.size} ${file.lastModified}`, file };
      element('bench-form').querySelector<HTMLInputElement>('[value=own]')?.removeAttribute('disabled');
      element('own-text').hidden = false;
      this.#controls.chosen = { ...this.#setup, picture: 'own' };
      this.#use({ picture: 'own' });
    });
    element('bench-form').addEventListener('submit', (event) => {
      event.preventDefault();
      void this.run();
    });
    this.#cancel.addEventListener('click', () => this.#running?.abort());
    new Sweep(() => {
      const [picture, noise] = [this.#picture, this.#trial?.noise];
      return picture && noise && { picture, noise, models: this.#chosenModels() };
    }, showError);
  }

  get setup(): BenchSetup {
    return this.#setup;
  }

  /** As a link says; a picture of the visitor's own is not in it. */
  async restore(setup: BenchSetup): Promise<void> {
    const picture = setup.picture === 'own' && !this.#own ? 'scene' : setup.picture;
    this.#setup = { ...setup, picture };
    this.#models = (await listModels()).filter(({ size }) => size === undefined);
    this.#controls.list(this.#models, this.#setup.models);
    this.#controls.chosen = this.#setup;
    this.#setup = { ...this.#setup, ...this.#controls.chosen };
    this.#views.shown = this.#setup;
    await this.#prepare();
  }

  /** Runs what is chosen, one after the other, and shows each as it comes. */
  async run(): Promise<void> {
    const trial = this.#trial;
    if (!trial || this.#running) return;
    const running = new AbortController();
    this.#running = running;
    hideError();
    this.#busy(true);
    const models = this.#chosenModels();
    const failures: unknown[] = [];
    for (const [done, model] of models.entries()) {
      if (running.signal.aborted || trial !== this.#trial) break;
      element('bench-stage').textContent = `${model.title}, ${done + 1} of ${models.length}`;
      const bar = element('bench-progress', HTMLProgressElement);
      const share = (part: number) => {
        bar.value = (done + part) / models.length;
      };
      share(0);
      try {
        await trial.run(model, {
          signal: running.signal,
          onProgress: ({ stage, done, total }) => stage === 'tiles' && share(done / total),
        });
      } catch (reason) {
        if (running.signal.aborted) break;
        failures.push(reason);
      }
      if (trial === this.#trial) this.#redraw();
    }
    this.#running = undefined;
    this.#busy(false);
    if (failures.length > 0) showError(failures[0]);
    announce(running.signal.aborted ? 'Cancelled.' : 'Done. The ranking is below the pictures.');
  }

  #chosenModels = () => this.#models.filter(({ id }) => this.#setup.models.includes(id));

  #use(change: Partial<BenchSetup>): void {
    this.#setup = { ...this.#setup, ...change };
    this.#changed();
    this.#prepare().catch(showError);
  }

  #busy(busy: boolean): void {
    this.#run.disabled = busy;
    this.#cancel.hidden = !busy;
    element('bench-busy').hidden = !busy;
    document.body.dataset.bench = busy ? 'busy' : 'ready';
  }

  /** Picture and noise, as far as they are others than before. */
  async #prepare(): Promise<void> {
    const { picture, side, noise, level, seed, sigma } = this.#setup;
    const wanted = { noise, level, seed, sigma };
    const source = picture === 'own' ? this.#own : { name: picture, file: picture };
    if (!source) return;
    const name = `${source.name} ${side}`;
    const isSame = this.#picture?.name === name && JSON.stringify(this.#trial?.noise) === JSON.stringify(wanted);
    if (!isSame) {
      this.#preparing.abort();
      this.#running?.abort();
      const preparing = new AbortController();
      this.#preparing = preparing;
      document.body.dataset.bench = 'preparing';
      const { signal } = preparing;
      try {
        if (this.#picture?.name !== name) {
          const clean = await work().call('open', { picture: source.file, side }, { signal });
          this.#picture = { name, clean };
        }
        this.#trial = await Trial.prepare(this.#picture as Picture, wanted, signal);
      } catch (reason) {
        if (signal.aborted) return;
        throw reason;
      }
    }
    this.#layOut();
    this.#redraw();
    document.body.dataset.bench = this.#running ? 'busy' : 'ready';
  }

  /** A card for the clean and the noisy picture, and for each denoiser. */
  #layOut(): void {
    const titles = { ...REFERENCES, ...Object.fromEntries(this.#chosenModels().map(({ id, title }) => [id, title])) };
    const kept = this.#cards;
    this.#cards = new Map(
      Object.entries(titles).map(([id, title]) => {
        const known = kept.get(id);
        if (known) return [id, known];
        const card = new Card(title, id);
        card.onPoint((x, y) => this.#views.point(x, y));
        const model = this.#models.find((model) => model.id === id);
        if (model) card.element.lastElementChild?.append(origin(model));
        return [id, card];
      }),
    );
    element('cards').replaceChildren(...[...this.#cards.values()].map((card) => card.element));
  }

  #redraw(): void {
    const trial = this.#trial;
    if (!trial) return;
    const { noisy, picture } = trial;
    const { view } = this.#setup;
    this.#cards.get('clean')?.show(picture.clean, 'The clean picture');
    this.#cards.get('clean')?.about.replaceChildren(make('div', { class: 'quiet' }, sizeOf(picture)));
    this.#showNoisy(view, trial);
    const models = this.#chosenModels();
    const ranked = rank(
      models.flatMap((model) => {
        const figures = trial.figures(model);
        return figures ? [{ model, figures }] : [];
      }),
    );
    for (const model of models) {
      const card = this.#cards.get(model.id);
      const result = trial.known(model);
      const place = ranked.findIndex((entry) => entry.model === model);
      if (card) card.rank = ranked.length > 1 && place >= 0 ? `${place + 1}.` : '';
      if (!result) {
        card?.wait(noisy.noisy, 'not run yet');
        card?.about.replaceChildren();
        continue;
      }
      const shown = view === 'picture' ? result.image : result.pictures[view];
      card?.show(
        shown,
        `${model.title}: ${{ picture: 'denoised', removed: 'what it removed', error: 'its error' }[view]}`,
      );
      card?.about.replaceChildren(...aboutResult(model, result, trial));
    }
    for (const card of this.#cards.values()) card.magnify(this.#setup);
    element('ranking').replaceChildren(rankingTable(noisy, ranked));
  }

  #showNoisy(view: View, trial: Trial): void {
    const card = this.#cards.get('noisy');
    const { noisy, difference } = trial.noisy;
    if (view === 'picture') card?.show(noisy, 'With noise');
    else card?.show(difference, 'The noise that was added');
    if (card) card.rank = view === 'picture' ? '' : 'noise added';
    card?.about.replaceChildren(...aboutNoisy(trial));
  }
}

const sizeOf = ({ clean: { width, height, channels } }: Picture) =>
  `${width} × ${height} px, ${channels === 1 ? 'grey' : 'colour'}`;
