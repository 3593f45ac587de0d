import { NOISE_KINDS } from '../../../models/noise/kinds.ts';
import type { ModelSummary } from '../../edge/api.ts';
import { element } from '../../page/element.ts';
import { toCsv } from '../csv.ts';
import { announce, table } from '../dom.ts';
import { colourOf, lineChart } from '../plot/line-chart.ts';
import { toSvgFile } from '../plot/svg.ts';
import { saveText } from '../save.ts';
import type { Quality } from '../work/protocol.ts';
import { scaleOf } from './levels.ts';
import type { Figures } from './results.ts';
import { type Picture, Trial } from './trial.ts';

export interface SweepRequest {
  readonly picture: Picture;
  readonly noise: Trial['noise'];
  readonly models: readonly ModelSummary[];
}

interface Point {
  readonly level: number;
  readonly noisy: Quality;
  readonly figures: readonly Figures[];
}

interface Shown {
  readonly request: SweepRequest;
  readonly points: readonly Point[];
}

/** px, of a saved plot; in the page it is as wide as there is room. */
const FILE_WIDTH = 680;

const namesOf = ({ models }: SweepRequest) => ['Noisy', ...models.map(({ title }) => title)];

const valuesAt = ({ noisy, figures }: Point) => [noisy, ...figures].map(({ psnr }) => psnr);

function chartOf({ request, points }: Shown, width: number): SVGElement {
  const { noise } = request;
  const kind = NOISE_KINDS.find(({ name }) => name === noise.noise);
  const names = namesOf(request);
  return lineChart({
    title: 'PSNR against the level of noise',
    description: `${kind?.title}, seed ${noise.seed}; ${names.join(', ')}. The table below has the figures.`,
    xTitle: `${kind?.title}: ${kind?.parameter}`,
    yTitle: 'PSNR, dB',
    xs: points.map(({ level }) => level),
    logarithmic: scaleOf(noise.noise).logarithmic,
    series: names.map((name, i) => ({
      name,
      colour: colourOf(i),
      points: points.map((point) => [point.level, valuesAt(point)[i] as number] as const),
    })),
    width,
  });
}

/** PSNR over the levels that are worth looking at, drawn while it is measured. */
export class Sweep {
  readonly #buttons = {
    start: element('sweep', HTMLButtonElement),
    cancel: element('sweep-cancel', HTMLButtonElement),
    csv: element('sweep-csv', HTMLButtonElement),
    svg: element('sweep-svg', HTMLButtonElement),
  };
  readonly #progress = element('sweep-progress', HTMLProgressElement);
  #running: AbortController | undefined;
  #shown: Shown | undefined;

  /** `ask` says what to run, when it is started; `fail` hears what went wrong. */
  constructor(ask: () => SweepRequest | undefined, fail: (reason: unknown) => void) {
    const { start, cancel, csv, svg } = this.#buttons;
    start.addEventListener('click', async () => {
      const request = ask();
      if (!request || request.models.length === 0) return;
      try {
        await this.#run(request);
      } catch (reason) {
        if (!this.#running?.signal.aborted) fail(reason);
      } finally {
        this.#running = undefined;
        this.#busy(false);
      }
    });
    cancel.addEventListener('click', () => this.#running?.abort());
    csv.addEventListener('click', () => this.#saveCsv());
    svg.addEventListener('click', () => {
      if (this.#shown) saveText(toSvgFile(chartOf(this.#shown, FILE_WIDTH)), this.#fileName('svg'), 'image/svg+xml');
    });
  }

  async #run(request: SweepRequest): Promise<void> {
    const { picture, noise, models } = request;
    const running = new AbortController();
    this.#running = running;
    this.#busy(true);
    const levels = NOISE_KINDS.find(({ name }) => name === noise.noise)?.levels ?? [];
    this.#progress.max = levels.length * models.length;
    this.#progress.value = 0;
    const points: Point[] = [];
    for (const level of levels) {
      const trial = await Trial.prepare(picture, { ...noise, level }, running.signal);
      const figures: Figures[] = [];
      for (const model of models) {
        figures.push(trial.figures(model) ?? (await trial.run(model, { signal: running.signal })));
        this.#progress.value++;
      }
      points.push({ level, noisy: trial.noisy, figures });
      this.#show({ request, points: [...points] });
    }
    announce('All levels are measured.');
  }

  #busy(busy: boolean): void {
    this.#progress.hidden = !busy;
    this.#buttons.start.disabled = busy;
    this.#buttons.cancel.hidden = !busy;
    this.#buttons.csv.disabled = busy || !this.#shown;
    this.#buttons.svg.disabled = busy || !this.#shown;
  }

  #show(shown: Shown): void {
    this.#shown = shown;
    const { points, request } = shown;
    const box = element('curve');
    box.replaceChildren(chartOf(shown, Math.min(FILE_WIDTH, Math.max(300, box.clientWidth))));
    const rows = points.map((point) => [
      String(point.level),
      ...valuesAt(point).map((psnr) => (Number.isFinite(psnr) ? psnr.toFixed(2) : '∞')),
    ]);
    element('curve-table').replaceChildren(table('PSNR in dB by level', ['Level', ...namesOf(request)], rows));
    element('curve-table').hidden = false;
  }

  #saveCsv(): void {
    if (!this.#shown) return;
    const { request, points } = this.#shown;
    const { noise, models, picture } = request;
    const rows = points.flatMap(({ level, noisy, figures }) => {
      const { width, height } = picture.clean;
      const common = [picture.title, width, height, noise.noise, level, noise.seed];
      const none = { sigma: undefined, milliseconds: Number.NaN };
      return [{ ...noisy, ...none }, ...figures].map(({ psnr, ssim, sigma, milliseconds }, i) => {
        const model = models[i - 1];
        const name = model ? `${model.id}@${model.version}` : 'noisy';
        return [...common, name, sigma ?? Number.NaN, psnr, ssim, Math.round(milliseconds)];
      });
    });
    const head = [
      'picture',
      'width',
      'height',
      'noise',
      'level',
      'seed',
      'denoiser',
      'sigma',
      'psnr_db',
      'ssim',
      'milliseconds',
    ];
    saveText(toCsv(head, rows), this.#fileName('csv'), 'text/csv');
  }

  #fileName(ending: string): string {
    const { noise } = this.#shown?.request ?? {};
    return `degrain-psnr-${noise?.noise}-seed-${noise?.seed}.${ending}`;
  }
}
