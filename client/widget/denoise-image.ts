import type { DegrainError } from '../../models/errors.ts';
import type { Mix } from '../../models/mix.ts';
import type { DenoiseOptions, DenoiseResult, Denoiser, Progress, TileEvent } from '../contract.ts';
import { ATTRIBUTES, type Touches } from './attribute-names.ts';
import { AttributeElement, takeEarly } from './attributes.ts';
import type { DenoiseImageElement, State } from './contract.ts';
import { borrowDenoiser, type Loan } from './denoisers.ts';
import { Face } from './face.ts';
import { failure, toFailure } from './failure.ts';
import { type Labels, parseLabels, Words } from './labels.ts';
import { Mixer } from './mixer.ts';
import { Original } from './original.ts';
import { readPicture } from './picture.ts';
import { saveResult } from './save.ts';
import { Viewer } from './viewer.ts';

/** `<denoise-image>`: see contract.ts. */
export class DenoiseImage extends AttributeElement implements DenoiseImageElement {
  readonly #words = new Words();
  readonly #face: Face;
  readonly #original: Original;
  readonly #mixer = new Mixer((image) => this.#viewer?.replace(image));
  #viewer: Viewer | undefined;

  #state: State = 'idle';
  #run: AbortController | undefined;
  #result: DenoiseResult<ImageData> | undefined;
  #error: DegrainError | undefined;
  /** Of the picture that is shown, for the name and type of what is saved. */
  #source = { name: '', type: '' };
  #size = { width: 0, height: 0 };

  #denoiser: Denoiser | undefined;
  #loan: Loan | undefined;

  readonly #touched = new Set<Touches>();
  #isInView: IntersectionObserver | undefined;
  /** What the page's own <img> showed when it was read. */
  #childSource: string | undefined;

  constructor() {
    super();
    const start = () => void this.denoise().catch(() => 'the element says so');
    this.#face = new Face(this.attachShadow({ mode: 'open' }), this.#words, { start, cancel: () => this.cancel() });
    this.#original = new Original(this, this.#face);
    this.#face.show('idle');
    this.#face.slot.addEventListener('slotchange', () => this.#onChild());
    // events of the page's <img> do not bubble, but they can be caught on their way down
    for (const name of ['load', 'error']) {
      this.addEventListener(name, ({ target }) => target instanceof HTMLImageElement && this.#onChild(), true);
    }
  }

  connectedCallback(): void {
    takeEarly(this, ['file', 'denoiser', 'labels', 'siteKey', ...Object.keys(ATTRIBUTES)]);
    this.#touch('start');
  }

  disconnectedCallback(): void {
    queueMicrotask(() => {
      // moved to another place of the page: nothing has to end
      if (this.isConnected) return;
      this.#isInView?.disconnect();
      this.#reset();
      this.#giveBack();
      this.#original.forget();
    });
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (name === 'labels') this.#words.own = parseLabels(after);
    if (before !== after) this.#touch(ATTRIBUTES[name] as Touches);
  }

  get file() {
    return this.#original.file;
  }
  set file(file: Blob | null) {
    this.#original.file = file;
    this.#touch('picture');
  }

  get denoiser() {
    return this.#denoiser;
  }
  set denoiser(denoiser: Denoiser | undefined) {
    this.#denoiser = denoiser;
    this.#touch('run');
  }

  get labels() {
    return this.#words.own;
  }
  set labels(labels: Labels) {
    this.#words.own = labels;
  }

  get state() {
    return this.#state;
  }

  get result() {
    return this.#result;
  }

  get error() {
    return this.#error;
  }

  async denoise(): Promise<DenoiseResult<ImageData>> {
    if (!this.isConnected) {
      const remedy = 'Put it into the page first.';
      throw failure('bad-request', { expected: 'an element in a page', received: 'one that is in none', remedy });
    }
    this.#settle();
    this.#reset();
    const run = new AbortController();
    const { signal } = run;
    this.#run = run;
    const mix = this.#mix;
    this.#show('busy');
    try {
      const result = await unlessAborted(this.#carryOut(mix, signal), signal);
      this.#result = result;
      this.#show('done');
      this.#viewer?.finish(result, this.#original.image);
      this.#face.announce(this.#words.say(result.engine === 'none' ? 'clean' : 'done'));
      this.#mixer.result = result;
      // sliders that were moved meanwhile
      if (Object.values(mix).join() !== Object.values(this.#mix).join()) this.#touch('mix');
      this.#emit('done', result);
      return result;
    } catch (reason) {
      signal.throwIfAborted();
      const error = toFailure(reason);
      this.#error = error;
      this.#viewer?.clear();
      this.#show('failed');
      this.#face.fail(error);
      this.#emit('error', error);
      throw error;
    } finally {
      if (this.#run === run) this.#run = undefined;
    }
  }

  cancel(): void {
    const wasBusy = this.#state === 'busy';
    this.#reset();
    if (wasBusy) this.#face.announce(this.#words.say('cancelled'));
  }

  async save(): Promise<void> {
    if (!this.#result) {
      const remedy = 'Wait for the `done` event.';
      throw failure('bad-request', { expected: 'a result', received: `the state ${this.#state}`, remedy });
    }
    try {
      await saveResult(this.#result, this.#source.type, this.#source.name);
    } catch (reason) {
      const error = toFailure(reason);
      this.#face.announce(error.message);
      this.#emit('error', error);
      throw error;
    }
  }

  async #carryOut(mix: Mix, signal: AbortSignal): Promise<DenoiseResult<ImageData>> {
    const { src, sigma } = this;
    const { file, image, name, childSource } = this.#original;
    this.#childSource = childSource;
    const [denoiser, picture] = await Promise.all([
      this.#denoiser ?? this.#borrow(),
      readPicture({ file, src, image }, signal),
    ]);
    signal.throwIfAborted();
    this.#source = { name, type: picture instanceof Blob ? picture.type : '' };
    this.#viewer ??= new Viewer(this, this.#face, this.#words);
    const options: DenoiseOptions = {
      ...{ ...mix, signal, sigma: sigma === 'auto' ? 'auto' : Number(sigma) },
      onProgress: (progress) => this.#onProgress(progress, signal),
      onTile: (event) => this.#onTile(event, signal),
    };
    const result = await denoiser.denoise<Blob | HTMLImageElement>(picture, options);
    if (signal.aborted) result.release();
    return result as DenoiseResult<ImageData>;
  }

  get #mix(): Mix {
    const { strength, luma, chroma } = this;
    return { strength, luma, chroma };
  }

  #onProgress(progress: Progress, { aborted }: AbortSignal): void {
    if (aborted) return;
    const { stage, done, width = 0, height = 0, tiles = 0, downloadBytes = 0 } = progress;
    this.#face.progress(progress);
    this.#emit('progress', progress);
    if (stage === 'decode' && done === 1) {
      this.#size = { width, height };
      this.#viewer?.begin(width, height, this.#original.image);
    }
    if (stage === 'plan' && done === 1) this.#emit('plan', { ...this.#size, tiles, downloadBytes });
  }

  #onTile(event: TileEvent, { aborted }: AbortSignal): void {
    if (aborted) return;
    const { tile, done, total } = event;
    this.#viewer?.paint(event);
    this.#emit('tile', { tile, done, total });
  }

  #borrow(): Promise<Denoiser> {
    const loan = this.#loan ?? borrowDenoiser(this);
    this.#loan = loan;
    // what did not start is not tried again: the next run borrows another one
    loan.denoiser.catch(() => loan === this.#loan && this.#giveBack());
    return loan.denoiser;
  }

  #giveBack(): void {
    this.#loan?.giveBack();
    this.#loan = undefined;
  }

  /** To the picture as it came, with the memory given back. */
  #reset(): void {
    this.#run?.abort();
    this.#run = undefined;
    this.#result?.release();
    this.#result = undefined;
    this.#mixer.result = undefined;
    this.#error = undefined;
    this.#viewer?.clear();
    this.#show('idle');
  }

  #show(state: State): void {
    this.#state = state;
    this.#face.show(state);
  }

  /** What has been touched since the last time; it is shown now. */
  #settle(): Set<Touches> {
    const touched = new Set(this.#touched);
    this.#touched.clear();
    if (touched.has('run')) this.#giveBack();
    if (this.isConnected) {
      this.#original.show();
      this.#viewer?.update();
    }
    return touched;
  }

  /** What several changes of one task touch is seen to once, after them. */
  #touch(what: Touches): void {
    if (this.#touched.size === 0) queueMicrotask(() => this.#catchUp());
    this.#touched.add(what);
  }

  #catchUp(): void {
    const touched = this.#settle();
    if (!this.isConnected) return;
    if (touched.has('picture')) this.#reset();
    else if (touched.has('run') && this.#state !== 'idle') void this.denoise().catch(() => 'the element says so');
    else if (touched.has('mix')) void this.#mixer.mix(this.#mix);
    // not after any other change: what was cancelled stays so
    if (touched.has('picture') || touched.has('start')) this.#startIfWanted();
  }

  /** The page's <img> came, or shows something else now. */
  #onChild(): void {
    const isOther = this.#state !== 'idle' && this.#original.childSource !== this.#childSource;
    this.#touch(isOther ? 'picture' : 'start');
  }

  #startIfWanted(): void {
    this.#isInView?.disconnect();
    if (this.#state !== 'idle' || !this.#original.exists || this.start === 'ask') return;
    const begin = () => void this.denoise().catch(() => 'the element says so');
    if (this.start === 'now') {
      begin();
      return;
    }
    this.#isInView = new IntersectionObserver((entries, observer) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      if (this.#state === 'idle') begin();
    });
    this.#isInView.observe(this);
  }

  #emit(name: string, detail: unknown): void {
    const passes = name !== 'error';
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: passes, composed: passes }));
  }
}

/** What cannot be aborted itself, such as the arrival of a script, is not waited for. */
function unlessAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}
