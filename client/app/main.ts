import { createDenoiser, type DenoiseResult, type Denoiser, type DenoiserOptions } from '../index.ts';
import { element } from '../page/element.ts';
import { exampleFile } from './example.ts';
import { onPhoto } from './intake.ts';
import { saveFile } from './save.ts';
import { MixSliders } from './sliders.ts';
import { announce, describeResult, hideError, showError, showProgress } from './status.ts';
import { Viewer } from './viewer.ts';

type Engine = NonNullable<DenoiserOptions['engine']>;

const viewer = new Viewer();
const sliders = new MixSliders();
let denoiser: Promise<Denoiser> | undefined;
let running: AbortController | undefined;
let current: { file: File; result: DenoiseResult<ImageData> } | undefined;

/** With the first photo, not with the page: who only reads loads nothing. `?engine=wasm` and `?model=fast` choose. */
function openDenoiser(): Promise<Denoiser> {
  const key = document.querySelector<HTMLMetaElement>('meta[name="degrain-key"]')?.content ?? '';
  const asked = new URLSearchParams(location.search);
  const engine = (asked.get('engine') ?? 'auto') as Engine;
  denoiser ??= createDenoiser({ endpoint: location.origin, key, engine, model: asked.get('model') ?? 'fast' });
  denoiser.catch(() => {
    denoiser = undefined;
  });
  return denoiser;
}

async function denoise(file: File): Promise<void> {
  running?.abort();
  const run = new AbortController();
  running = run;
  forget();
  hideError();
  setState('busy');
  showProgress({ stage: 'decode', done: 0, total: 1 });
  const shown = viewer.show(file);
  try {
    const open = await openDenoiser();
    const result = await open.denoise<Blob>(file, {
      ...sliders.mix,
      signal: run.signal,
      onProgress: (progress) => run === running && showProgress(progress),
      onTile: async ({ tile, image }) => {
        await shown;
        if (run === running) viewer.paint(image, tile);
      },
    });
    await shown;
    if (run !== running) return result.release();
    current = { file, result };
    viewer.finish(result.image);
    describeResult(result);
    setState('done');
  } catch (reason) {
    if (run !== running) return;
    if (run.signal.aborted) announce('Cancelled.');
    else showError(reason);
    setState('empty');
  } finally {
    // a photo that cannot be shown has been complained of by the library already
    await shown.catch(() => undefined);
    if (run === running) running = undefined;
  }
}

/** What can be seen and pressed: see app.css. */
function setState(state: 'empty' | 'busy' | 'done'): void {
  document.body.dataset.state = state;
  element('intake').hidden = state !== 'empty';
  element('work').hidden = state === 'empty';
  element('busy').hidden = state !== 'busy';
  element('sliders', HTMLFieldSetElement).disabled = state !== 'done';
  element('download', HTMLButtonElement).disabled = state !== 'done';
  if (state === 'empty') viewer.clear();
}

function forget(): void {
  current?.result.release();
  current = undefined;
}

onPhoto(denoise);
sliders.onChange(async (mix) => {
  if (current) viewer.replace(await current.result.mix(mix));
});
element('example').addEventListener('click', async () => denoise(await exampleFile()));
element('cancel').addEventListener('click', () => running?.abort());
element('another').addEventListener('click', () => {
  running?.abort();
  forget();
  hideError();
  setState('empty');
  element('file').focus();
});
element('download').addEventListener('click', () => {
  if (current) saveFile(current.file, current.result).catch(showError);
});
document.addEventListener('keydown', ({ key }) => {
  if (key === 'Escape') running?.abort();
});
setState('empty');
