import { element } from '../../page/element.ts';
import type { Item, Problem } from '../queue/item.ts';
import type { Runner } from '../queue/runner.ts';
import type { NoiseLevel } from './level.ts';
import { inMegabytes, type ModelChoice } from './models.ts';
import type { MixSliders } from './sliders.ts';
import { announce, describe, inSeconds, showWaiting } from './status.ts';

interface Parts {
  readonly sliders: MixSliders;
  readonly level: NoiseLevel;
  readonly models: ModelChoice;
}

/** What is said of the photo that is shown, and what can be done with it. */
export class Panel {
  readonly #runner: Runner;
  readonly #parts: Parts;
  #said = '';

  constructor(runner: Runner, parts: Parts) {
    this.#runner = runner;
    this.#parts = parts;
  }

  show(item: Item | undefined): void {
    const isRunning = item !== undefined && this.#runner.running === item.id;
    const state = !item ? 'empty' : isRunning ? 'busy' : item.state;
    document.body.dataset.state = state;
    element('intake').hidden = item !== undefined;
    element('work').hidden = item === undefined;
    if (!item) return;
    element('name').textContent = item.name;
    element('busy').hidden = !isRunning && (item.state !== 'waiting' || this.#runner.question?.id === item.id);
    element('stop').hidden = !isRunning;
    element('resume').hidden = isRunning || !this.#runner.paused;
    if (!isRunning && item.state === 'waiting') showWaiting(this.#runner.paused ? 'Paused.' : 'Waiting for its turn…');
    element('download', HTMLButtonElement).disabled = item.state !== 'done';
    element('engine').textContent = state === 'done' ? describe(item) : '';
    this.#showQuestion();
    showProblem('problem', state === 'failed' ? item.problem : undefined);
    this.#showNotes(item.notes);
    this.#sayOnce(item, state);
  }

  /** The settings of a photo that was not shown before, or whose run has found something out. */
  fill({ settings, outcome }: Item): void {
    const { sliders, level, models } = this.#parts;
    sliders.mix = settings;
    models.show(settings.model);
    const { sigma } = models.model ?? {};
    const range = sigma?.kind === 'blind' ? 'blind' : { min: sigma?.min ?? 0, max: sigma?.max ?? 100 };
    level.show(settings.sigma, outcome?.sigma, range);
  }

  #showQuestion(): void {
    const { question } = this.#runner;
    element('question').hidden = !question;
    if (!question) return;
    const { downloadBytes, milliseconds } = question;
    element('question-title').textContent = 'This takes a while.';
    const parts = [
      downloadBytes > 0 ? `${inMegabytes(downloadBytes)} to download, once` : '',
      milliseconds > 0 ? `about ${inSeconds(milliseconds)} a photo like this` : '',
    ].filter(Boolean);
    element('question-text').textContent = `${parts.join('; ')}. A smaller model is quicker.`;
  }

  #showNotes(notes: readonly string[]): void {
    const list = element('notes');
    list.hidden = notes.length === 0;
    list.replaceChildren(...notes.map((text) => Object.assign(document.createElement('li'), { textContent: text })));
  }

  #sayOnce({ id, name, problem }: Item, state: string): void {
    if (this.#said === id + state) return;
    this.#said = id + state;
    if (state === 'done') announce(`Done. ${element('engine').textContent}`);
    if (state === 'failed' && problem) announce(`${name}: ${problem.remedy}`);
  }
}

/** Into the elements of `id`: the box, its title and its remedy. */
export function showProblem(id: 'problem' | 'banner', problem: Problem | undefined): void {
  element(id).hidden = !problem;
  if (!problem) return;
  element(`${id}-title`).textContent = `Expected ${problem.expected}, but received ${problem.received}.`;
  element(`${id}-remedy`).textContent = problem.remedy;
}
