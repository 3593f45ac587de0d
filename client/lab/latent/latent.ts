import type { FloatImage } from '../../../models/image.ts';
import { gaussianNoise } from '../../../models/noise/add.ts';
import { element } from '../../page/element.ts';
import { findModel } from '../catalogue.ts';
import { EXAMPLES } from '../digits/examples.ts';
import { paint } from '../digits/small.ts';
import { type DataSet, FIRST, type LatentSetup } from '../experiment.ts';
import { showError } from '../failures.ts';
import { work } from '../work/connection.ts';
import type { Coder } from '../work/protocol.ts';
import { BaseSliders } from './base.ts';
import { latest } from './latest.ts';
import { ACROSS, between, codeAt, gridCodes, type Plane } from './plane.ts';
import { PlanePointer } from './pointer.ts';
import { WalkEnds } from './walk.ts';

const STEPS = 11;
const SAMPLES = { across: 10, down: 4 };
const SIDE = 28;

/** The code of a variational autoencoder: a plane to walk in, walks between pictures, samples. */
export class Latent {
  readonly #pointer = new PlanePointer();
  readonly #base = new BaseSliders();
  readonly #ends = new WalkEnds();
  readonly #changed: () => void;
  #setup: LatentSetup = FIRST.latent;
  #coder: (Coder & { readonly id: string }) | undefined;

  constructor(changed: () => void) {
    this.#changed = changed;
    this.#pointer.onMove(() => {
      this.#use(this.#pointer.point);
      void this.#showPoint();
    });
    this.#base.onChange(() => {
      this.#use({ base: Array.from(this.#base.values, (value) => Number(value.toFixed(2))) });
      void this.#showPoint();
      void this.#showPlane();
    });
    for (const radio of document.querySelectorAll<HTMLInputElement>('[name=latent-data]')) {
      radio.addEventListener('change', () => this.#turnTo(radio.value as DataSet));
    }
    this.#ends.onChange(() => {
      this.#use(this.#ends.names);
      void this.#showWalk();
    });
    const seed = element('samples-seed', HTMLInputElement);
    const reseed = () => {
      this.#use({ seed: Math.min(2 ** 31, Math.max(0, Math.round(seed.valueAsNumber) || 0)) });
      void this.#showSamples();
    };
    seed.addEventListener('change', reseed);
    element('samples-reseed').addEventListener('click', () => {
      seed.valueAsNumber = this.#setup.seed + 1;
      reseed();
    });
    element('latent-form').addEventListener('submit', (event) => event.preventDefault());
  }

  get setup(): LatentSetup {
    return this.#setup;
  }

  async restore(setup: LatentSetup): Promise<void> {
    this.#setup = setup;
    const { data, x, y, from, to, seed } = setup;
    for (const radio of document.querySelectorAll<HTMLInputElement>('[name=latent-data]')) {
      radio.checked = radio.value === data;
    }
    document.body.dataset.latent = 'loading';
    const model = await findModel(`vae-${data}`);
    const coder = await work().call('openCoder', model);
    this.#coder = { ...coder, id: model.id };
    this.#base.values = Float32Array.from({ length: coder.codeSize }, (_, i) => this.#setup.base[i] ?? 0);
    this.#pointer.point = { x, y };
    element('samples-seed', HTMLInputElement).value = String(seed);
    this.#ends.show(data, { from, to });
    this.#setup = { ...this.#setup, ...this.#ends.names };
    const percent = coder.shares.slice(0, 2).map((share) => `${Math.round(share * 100)} %`);
    element('plane-text').textContent =
      `The code has ${coder.codeSize} numbers. The plane’s two directions are those along which the decoded pictures ` +
      `change the most: ${percent.join(' and ')} of all change, on average over codes drawn at random. Units are ` +
      'standard deviations of the distribution that codes were pulled towards.';
    await Promise.all([this.#showPoint(), this.#showPlane(), this.#showWalk(), this.#showSamples()]);
    document.body.dataset.latent = 'ready';
  }

  #use(change: Partial<LatentSetup>): void {
    this.#setup = { ...this.#setup, ...change };
    this.#changed();
  }

  #turnTo(data: DataSet): void {
    const [from, to] = [EXAMPLES[data][0], EXAMPLES[data][1]].map((example) => example?.name ?? '');
    this.#use({ data, base: [], x: 0, y: 0, from: from as string, to: to as string });
    this.restore(this.#setup).catch(showError);
  }

  get #plane(): Plane | undefined {
    const [first, second] = this.#coder?.directions ?? [];
    return first && second && { base: this.#base.values, directions: [first, second] };
  }

  /** Only the newest point counts: while one is decoded, those that the pointer passes are left out. */
  #showPoint = latest(async () => {
    const plane = this.#plane;
    if (!plane || !this.#coder) return;
    const { x, y } = this.#pointer.point;
    const [image] = await work().call('decode', { model: this.#coder.id, codes: [codeAt(plane, x, y)] });
    if (image) paint(element('decoded', HTMLCanvasElement), image);
  }, showError);

  #showPlane = latest(async () => {
    const plane = this.#plane;
    if (!plane || !this.#coder) return;
    const images = await work().call('decode', { model: this.#coder.id, codes: gridCodes(plane) });
    tile(element('plane-grid', HTMLCanvasElement), images, ACROSS);
  }, showError);

  #showWalk = latest(async () => {
    const coder = this.#coder;
    if (!coder) return;
    const [from, to] = this.#ends.images;
    if (!from || !to) return;
    const encode = (image: FloatImage) => work().call('encode', { model: coder.id, image });
    const codes = between(await encode(from), await encode(to), STEPS);
    tile(element('walk-codes', HTMLCanvasElement), await work().call('decode', { model: coder.id, codes }), STEPS);
    const faded = between(from.data, to.data, STEPS).map((pixels) => ({ ...from, data: pixels }));
    tile(element('walk-pixels', HTMLCanvasElement), faded, STEPS);
  }, showError);

  #showSamples = latest(async () => {
    const coder = this.#coder;
    if (!coder) return;
    const { across, down } = SAMPLES;
    const numbers = gaussianNoise(across * down * coder.codeSize, this.#setup.seed);
    const codes = Array.from({ length: across * down }, (_, i) =>
      numbers.slice(i * coder.codeSize, (i + 1) * coder.codeSize),
    );
    const images = await work().call('decode', { model: coder.id, codes });
    tile(element('samples', HTMLCanvasElement), images, across);
  }, showError);
}

function tile(canvas: HTMLCanvasElement, images: readonly FloatImage[], across: number): void {
  for (const [i, image] of images.entries()) paint(canvas, image, (i % across) * SIDE, Math.floor(i / across) * SIDE);
}
