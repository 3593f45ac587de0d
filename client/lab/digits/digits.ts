import { type FloatImage, fromRaster, toRaster } from '../../../models/image.ts';
import { addNoiseFactor } from '../../../models/noise/add.ts';
import { element } from '../../page/element.ts';
import { findModel } from '../catalogue.ts';
import { runDenoiser } from '../denoisers.ts';
import { announce, make, table } from '../dom.ts';
import { type DataSet, type DigitsSetup, FIRST } from '../experiment.ts';
import { hideError, showError } from '../failures.ts';
import { decibels, similarity } from '../trials/format.ts';
import { EXAMPLES, exampleOf } from './examples.ts';
import { frame } from './frame.ts';
import { type Losses, lossesOf } from './losses.ts';
import { Pad } from './pad.ts';
import { smallCard } from './small.ts';

/** Of each data set there is one of each. */
const KINDS = ['dense', 'conv', 'pool', 'vae', 'pca'] as const;
const NAMES: Record<(typeof KINDS)[number], string> = {
  dense: 'Dense',
  conv: 'Convolutional',
  pool: 'Pooling',
  vae: 'Variational',
  pca: 'Principal components',
};

const FRAMES: Record<DataSet, string> = {
  mnist:
    'First, what is drawn is brought into the form of MNIST: its longer side scaled to 20 pixels, in a field of 28 × 28, with its centre of mass in the middle. The networks have seen nothing else.',
  fashion:
    'First, what is drawn is brought into the form of Fashion-MNIST: its longer side scaled to 28 pixels, in the middle of a field of 28 × 28. Those pictures are photographs; a drawing is a hard test.',
};

/** A drawn digit, noise, and five autoencoders side by side. */
export class Digits {
  readonly #pad = new Pad(element('pad', HTMLCanvasElement));
  readonly #changed: () => void;
  #setup: DigitsSetup = FIRST.digits;
  #clean: FloatImage | undefined;
  #noisy: FloatImage | undefined;
  /** Outputs by what made them. */
  readonly #outputs = new Map<string, FloatImage>();
  #drawings = 0;
  #hasRun = false;
  #running = false;

  constructor(changed: () => void) {
    this.#changed = changed;
    const form = element('digits-form', HTMLFormElement);
    const drawn = () => {
      this.#drawings++;
      this.#use({ example: 'own' });
    };
    this.#pad.onDrawn(drawn);
    element('pad-clear').addEventListener('click', () => {
      this.#pad.clear();
      drawn();
    });
    form.addEventListener('change', () => {
      const { data } = this.#setup;
      const chosen = this.#chosen();
      this.#use({ ...chosen, ...(chosen.data !== data && { example: exampleOf(chosen.data, '3').name }) });
      this.#again();
    });
    element('digits-reseed').addEventListener('click', () => {
      this.#use({ seed: (this.#setup.seed + 1) % 2 ** 31 });
      this.#again();
    });
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.run();
    });
  }

  get setup(): DigitsSetup {
    return this.#setup;
  }

  restore(setup: DigitsSetup): void {
    // a drawing is in no link: what the pad has stays, or the first example takes its place
    const isDrawn = setup.example === 'own' && this.#drawings > 0;
    const example = isDrawn ? 'own' : exampleOf(setup.data, setup.example).name;
    if (!isDrawn) this.#pad.draw(exampleOf(setup.data, example));
    this.#setup = { ...setup, example };
    this.#prepare();
  }

  /** Cleans it with all five, and shows each as it comes. */
  async run(): Promise<void> {
    if (!this.#noisy || this.#running) return;
    this.#running = true;
    this.#hasRun = true;
    hideError();
    document.body.dataset.digits = 'busy';
    const { data } = this.#setup;
    try {
      for (const kind of KINDS) {
        const key = this.#key(kind);
        const noisy = this.#noisy;
        if (this.#outputs.has(key)) continue;
        element('digits-stage').textContent = `${NAMES[kind]}…`;
        const { id } = await findModel(`${kind}-${data}`);
        // 16 bits: the autoencoders are judged on noise that is clipped, but not rounded to 8
        const { image } = await runDenoiser(id, toRaster(noisy, undefined, 16), {});
        this.#outputs.set(key, fromRaster(image).colour);
        this.#show();
      }
      announce('Done. The table is below the pictures.');
    } catch (reason) {
      showError(reason);
    } finally {
      this.#running = false;
      element('digits-stage').textContent = '';
      document.body.dataset.digits = 'ready';
    }
    // the setup may have become another meanwhile
    if (KINDS.some((kind) => !this.#outputs.has(this.#key(kind))) && element('error').hidden) await this.run();
  }

  /** Who has let them run once wants to see what another noise does; who only draws has not finished yet. */
  #again(): void {
    if (this.#hasRun) void this.run();
  }

  #chosen(): Pick<DigitsSetup, 'data' | 'factor' | 'seed'> {
    const data = new FormData(element('digits-form', HTMLFormElement)).get('digits-data') as DataSet;
    const typed = Math.round(element('digits-seed', HTMLInputElement).valueAsNumber);
    const factor = Number(element('factor', HTMLSelectElement).value) as DigitsSetup['factor'];
    return { data, factor, seed: Number.isFinite(typed) ? Math.min(2 ** 31, Math.max(0, typed)) : 1 };
  }

  #use(change: Partial<DigitsSetup>): void {
    this.#setup = { ...this.#setup, ...change };
    const { data, example } = this.#setup;
    if (change.example && example !== 'own') this.#pad.draw(exampleOf(data, example));
    this.#prepare();
    this.#changed();
  }

  #prepare(): void {
    const { data, factor, seed } = this.#setup;
    this.#clean = frame(this.#pad.ink, data);
    this.#noisy = this.#clean && addNoiseFactor(this.#clean, factor, seed);
    for (const radio of document.querySelectorAll<HTMLInputElement>('[name=digits-data]')) {
      radio.checked = radio.value === data;
    }
    element('factor', HTMLSelectElement).value = String(factor);
    element('digits-seed', HTMLInputElement).value = String(seed);
    element('framing').textContent = FRAMES[data];
    element('digits-run', HTMLButtonElement).disabled = !this.#noisy;
    this.#listExamples();
    this.#show();
  }

  #listExamples(): void {
    const { data, example: chosen } = this.#setup;
    const group = element('examples');
    if (group.dataset.of !== data) {
      group.dataset.of = data;
      group.replaceChildren(
        ...EXAMPLES[data].map(({ name, title }) => {
          const button = make('button', { type: 'button', 'data-example': name }, title);
          button.addEventListener('click', () => {
            this.#use({ example: name });
            this.#again();
          });
          return button;
        }),
      );
    }
    for (const button of group.querySelectorAll('button')) {
      button.setAttribute('aria-pressed', String(button.dataset.example === chosen));
    }
  }

  #key(kind: string): string {
    const { data, example, factor, seed } = this.#setup;
    return [data, example === 'own' ? `own ${this.#drawings}` : example, factor, seed, kind].join(' ');
  }

  #show(): void {
    const [clean, noisy] = [this.#clean, this.#noisy];
    if (!clean || !noisy) {
      element('digit-cards').replaceChildren(make('p', { class: 'quiet' }, 'Draw something, or take an example.'));
      element('losses').replaceChildren();
      return;
    }
    const outputs = KINDS.map((kind) => ({ kind, output: this.#outputs.get(this.#key(kind)) }));
    const psnrText = (image: FloatImage) => decibels(lossesOf(clean, image).psnr);
    element('digit-cards').replaceChildren(
      smallCard('drawn', 'Drawn', '28 × 28 px', clean),
      smallCard('noisy', 'Noisy', psnrText(noisy), noisy),
      ...outputs.map(({ kind, output }) =>
        smallCard(kind, NAMES[kind], output ? psnrText(output) : 'not run yet', output),
      ),
    );
    const row = (name: string, { crossEntropy, meanSquare, psnr, ssim }: Losses) => [
      name,
      ...[crossEntropy.toFixed(4), meanSquare.toFixed(5), decibels(psnr), similarity(ssim)],
    ];
    const rows = outputs.flatMap(({ kind, output }) => (output ? [row(NAMES[kind], lossesOf(clean, output))] : []));
    const references = [row('What was drawn', lossesOf(clean, clean)), row('Noisy', lossesOf(clean, noisy))];
    element('losses').replaceChildren(
      table('Losses', ['Picture', 'BCE', 'MSE', 'PSNR', 'SSIM'], [...references, ...rows]),
    );
  }
}
