import type { ModelSummary } from '../../edge/api.ts';
import { element } from '../../page/element.ts';
import { listModels } from '../catalogue.ts';
import { announce } from '../dom.ts';
import { type BenchSetup, FIRST } from '../experiment.ts';
import { hideError, showError } from '../failures.ts';
import { work } from '../work/connection.ts';
import { Cards } from './cards.ts';
import { Controls } from './controls.ts';
import { onFile } from './intake.ts';
import { Sweep } from './sweep.ts';
import { type Picture, Trial } from './trial.ts';
import { ViewControls } from './views.ts';

/** The bench: a picture, noise, and denoisers side by side. */
export class Bench {
  readonly #controls = new Controls();
  readonly #views = new ViewControls();
  readonly #cards = new Cards((x, y) => this.#views.point(x, y));
  readonly #run = element('run', HTMLButtonElement);
  readonly #cancel = element('bench-cancel', HTMLButtonElement);
  readonly #changed: () => void;
  #setup: BenchSetup = FIRST.bench;
  #models: readonly ModelSummary[] = [];
  #own: { name: string; file: File } | undefined;
  #picture: Picture | undefined;
  #trial: Trial | undefined;
  #preparing = new AbortController();
  #prepared: Promise<void> = Promise.resolve();
  #running: AbortController | undefined;

  /** `changed` hears when the setup is another. */
  constructor(changed: () => void) {
    this.#changed = changed;
    this.#controls.onChange(() => this.#use(this.#controls.chosen));
    this.#views.onChange((shown) => {
      const isOther = shown.view !== this.#setup.view;
      this.#setup = { ...this.#setup, ...shown };
      if (isOther) this.#redraw();
      else this.#cards.magnify(this.#setup);
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
    document.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') this.#running?.abort();
    });
    new Sweep(() => {
      const [picture, noise] = [this.#picture, this.#trial?.noise];
      return picture && noise && { picture, noise, models: this.#chosenModels() };
    }, showError);
  }

  get setup(): BenchSetup {
    return this.#setup;
  }

  /** As a link says; a picture of the visitor's own is not in it. A run that is asked for meanwhile waits for it. */
  restore(setup: BenchSetup): Promise<void> {
    const restored = this.#restore(setup);
    // the caller hears of what goes wrong
    this.#prepared = restored.catch(() => undefined);
    return restored;
  }

  async #restore(setup: BenchSetup): Promise<void> {
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
    // Enter in a field changes the setup and asks for a run, at once
    await this.#prepared;
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
      const tell = (what: string) => {
        element('bench-stage').textContent = `${model.title}, ${done + 1} of ${models.length}${what}`;
      };
      tell('');
      const bar = element('bench-progress', HTMLProgressElement);
      const share = (part: number) => {
        bar.value = (done + part) / models.length;
      };
      share(0);
      try {
        await trial.run(model, {
          signal: running.signal,
          onProgress: ({ stage, done, total }) => {
            if (stage === 'weights') tell(`: loading ${(total / 1e6).toFixed(1)} MB`);
            if (stage !== 'tiles') return;
            tell('');
            share(done / total);
          },
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
    this.#prepared = this.#prepare().catch(showError);
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
          this.#picture = { name, title: picture, clean };
        }
        this.#trial = await Trial.prepare(this.#picture as Picture, wanted, signal);
      } catch (reason) {
        if (signal.aborted) return;
        throw reason;
      }
    }
    this.#redraw();
    document.body.dataset.bench = this.#running ? 'busy' : 'ready';
  }

  #redraw(): void {
    if (this.#trial) this.#cards.draw(this.#trial, this.#chosenModels(), this.#setup);
  }
}
