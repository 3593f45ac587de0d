import type { DegrainError } from '../../models/errors.ts';
import type { DenoiseOptions, DenoiseResult, Denoiser, Progress, TileEvent } from '../contract.ts';
import { ATTRIBUTES, AttributeElement, type Touches } from './attributes.ts';
import type { DenoiseImageElement, State } from './contract.ts';
import { borrowDenoiser, type Loan } from './denoisers.ts';
import { Face } from './face.ts';
import { failure, toFailure } from './failure.ts';
import { type Labels, Words } from './labels.ts';
import { readPicture } from './picture.ts';
import type { Viewer } from './viewer.ts';

/** Properties that a page may have set before this script came: they hide the real ones until they are set anew. */
const OWN = ['file', 'denoiser', 'labels', 'siteKey', ...Object.keys(ATTRIBUTES)];

/** `<denoise-image>`: see contract.ts. */
export class DenoiseImage extends AttributeElement implements DenoiseImageElement {
  readonly #words = new Words();
  readonly #face: Face;
  #viewer: Viewer | undefined;

  #state: State = 'idle';
  #run: AbortController | undefined;
  #result: DenoiseResult<ImageData> | undefined;
  #error: DegrainError | undefined;
  /** Of the picture that is shown, for the name and type of what is saved. */
  #source = { name: '', type: '' };

  #file: Blob | null = null;
  #fileAddress = '';
  #denoiser: Denoiser | undefined;
  #loan: Loan | undefined;

  readonly #touched = new Set<Touches>();
  #mixing = false;
  #isInView: IntersectionObserver | undefined;
  /** What the page's own <img> showed when it was read. */
  #childSource = '';

  constructor() {
    super();
    const start = () => void this.denoise().catch(() => 'the element says so');
    this.#face = new Face(this.attachShadow({ mode: 'open' }), this.#words, { start, cancel: () => this.cancel() });
    this.#face.show('idle');
    this.#face.slot.addEventListener('slotchange', () => this.#onChild());
    // loads of the page's <img> do not bubble, but they can be caught on their way down
    this.addEventListener('load', () => this.#onChild(), true);
  }

  connectedCallback(): void {
    for (const name of OWN) {
      if (!Object.hasOwn(this, name)) continue;
      const value = Reflect.get(this, name);
      Reflect.deleteProperty(this, name);
      Reflect.set(this, name, value);
    }
    this.#touch('look');
  }

  disconnectedCallback(): void {
    queueMicrotask(() => {
      // moved to another place of the page: nothing has to end
      if (this.isConnected) return;
      this.#isInView?.disconnect();
      this.#reset();
      this.#giveBack();
    });
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (name === 'labels' && after) this.#words.own = parseLabels(after);
    if (before !== after) this.#touch(ATTRIBUTES[name] as Touches);
  }

  get file() {
    return this.#file;
  }
  set file(file: Blob | null) {
    URL.revokeObjectURL(this.#fileAddress);
    this.#file = file;
    this.#fileAddress = file ? URL.createObjectURL(file) : '';
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
  set labels(labels: Partial<Labels>) {
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
    this.#reset();
    const run = new AbortController();
    const { signal } = run;
    this.#run = run;
    this.#show('busy');
    try {
      const result = await unlessAborted(this.#carryOut(run), signal);
      this.#result = result;
      this.#viewer?.finish(result);
      this.#show('done');
      this.#face.announce(this.#words.say(result.engine === 'none' ? 'clean' : 'done'));
      this.#touch('mix');
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
    const { saveResult } = await import('./save.ts');
    await saveResult(this.#result, this.#source.type, this.#source.name);
  }

  async #carryOut({ signal }: AbortController): Promise<DenoiseResult<ImageData>> {
    const { file, src, sigma, strength, luma, chroma } = this;
    const image = this.#image;
    const name = file ? ((file as File).name ?? '') : src || image.currentSrc;
    this.#childSource = image.src;
    const [{ Viewer }, denoiser, picture] = await Promise.all([
      import('./viewer.ts'),
      this.#denoiser ?? this.#borrow(),
      readPicture({ file, src, image }, signal),
    ]);
    signal.throwIfAborted();
    this.#source = { name, type: picture instanceof Blob ? picture.type : '' };
    this.#viewer ??= new Viewer(this, this.#face, this.#words);
    const options: DenoiseOptions = {
      ...{ signal, strength, luma, chroma, sigma: sigma === 'auto' ? 'auto' : Number(sigma) },
      onProgress: (progress) => this.#onProgress(progress, signal),
      onTile: (event) => this.#onTile(event, signal),
    };
    const result = await denoiser.denoise<Blob | HTMLImageElement>(picture, options);
    if (signal.aborted) result.release();
    return result as DenoiseResult<ImageData>;
  }

  #size = { width: 0, height: 0 };

  #onProgress(progress: Progress, { aborted }: AbortSignal): void {
    if (aborted) return;
    const { stage, done, width = 0, height = 0, tiles = 0, downloadBytes = 0 } = progress;
    this.#face.progress(progress);
    this.#emit('progress', progress);
    if (stage === 'decode' && done === 1) {
      this.#size = { width, height };
      this.#viewer?.begin(width, height);
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
    this.#loan ??= borrowDenoiser(this);
    return this.#loan.denoiser;
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
    this.#error = undefined;
    this.#viewer?.clear();
    this.#show('idle');
  }

  #show(state: State): void {
    this.#state = state;
    this.#face.show(state);
  }

  /** What several changes of one task touch is seen to once, after them. */
  #touch(what: Touches): void {
    if (this.#touched.size === 0) queueMicrotask(() => this.#catchUp());
    this.#touched.add(what);
  }

  #catchUp(): void {
    const touched = new Set(this.#touched);
    this.#touched.clear();
    if (touched.has('run')) this.#giveBack();
    if (!this.isConnected) return;
    this.#showPicture();
    this.#viewer?.update();
    if (touched.has('picture')) this.#reset();
    else if (touched.has('run') && this.#state !== 'idle') void this.denoise().catch(() => 'the element says so');
    else if (touched.has('mix')) void this.#mix();
    this.#startIfWanted();
  }

  /** The page's own <img>, unless a file or an address goes before it. */
  get #child(): HTMLImageElement | null {
    return this.#file || this.src ? null : this.querySelector('img');
  }

  get #image(): HTMLImageElement {
    return this.#child ?? this.#face.image;
  }

  #showPicture(): void {
    const { image, slot } = this.#face;
    const isOwn = this.#child === null;
    slot.hidden = isOwn;
    image.hidden = !isOwn;
    if (!isOwn) return;
    const address = this.#fileAddress || this.src;
    image.alt = this.alt;
    for (const name of ['width', 'height'] as const) {
      if (this[name] > 0) image[name] = this[name];
      else image.removeAttribute(name);
    }
    if (image.getAttribute('src') === address) return;
    if (address) image.src = address;
    else image.removeAttribute('src');
  }

  /** The page's <img> came, or shows something else now. */
  #onChild(): void {
    const child = this.#child;
    const isOther = this.#state !== 'idle' && child && child.src !== this.#childSource;
    this.#touch(isOther ? 'picture' : 'look');
  }

  #startIfWanted(): void {
    const hasPicture = this.#file || this.src || this.#child;
    this.#isInView?.disconnect();
    if (this.#state !== 'idle' || !hasPicture || this.start === 'ask') return;
    const begin = () => void this.denoise().catch(() => 'the element says so');
    if (this.start === 'now') {
      begin();
      return;
    }
    this.#isInView = new IntersectionObserver((entries, observer) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      begin();
    });
    this.#isInView.observe(this);
  }

  /** One mix at a time: while one is on its way the sliders move on, and only where they stop is mixed next. */
  async #mix(): Promise<void> {
    if (this.#mixing) return;
    this.#mixing = true;
    try {
      let mixed = '';
      for (;;) {
        const { strength, luma, chroma } = this;
        const result = this.#result;
        const wanted = [strength, luma, chroma].join();
        if (!result || wanted === mixed) break;
        mixed = wanted;
        const image = await result.mix({ strength, luma, chroma });
        if (result === this.#result) this.#viewer?.replace(image);
        else mixed = '';
      }
    } catch (reason) {
      // a result that was released meanwhile
      console.debug('degrain: no mix', reason);
    } finally {
      this.#mixing = false;
    }
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

function parseLabels(json: string): Partial<Labels> {
  try {
    return JSON.parse(json);
  } catch (reason) {
    console.warn('<denoise-image>: `labels` is no JSON', reason);
    return {};
  }
}
