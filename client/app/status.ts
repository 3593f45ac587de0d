import { DegrainError, type DenoiseResult, type Progress, type Stage } from '../index.ts';
import { element } from '../page/element.ts';

const STAGES: Record<Stage, string> = {
  decode: 'Reading the photo…',
  plan: 'Planning…',
  weights: 'Loading the model…',
  estimate: 'Measuring the noise…',
  engine: 'Starting the engine…',
  tiles: 'Denoising…',
};

const PLACES: Record<DenoiseResult['engine'], string> = {
  wgsl: 'on this device’s GPU (WebGPU). The photo stayed here.',
  'tfjs-webgpu': 'on this device’s GPU (WebGPU). The photo stayed here.',
  wasm: 'on this device’s processor (WebAssembly). The photo stayed here.',
  edge: 'at the edge, where the photo was sent.',
  filter: 'on this device’s processor. The photo stayed here.',
  none: 'here: there was nothing to remove.',
};

let announced = '';

/** For screen readers: a change of state, not every tile. */
export function announce(text: string): void {
  if (text === announced) return;
  announced = text;
  element('live').textContent = text;
}

export function showProgress({ stage, done, total, sigma }: Progress): void {
  if (stage === 'estimate' && done === 1) showSigma(sigma);
  const bar = element('progress', HTMLProgressElement);
  // weights still arrive while the noise is measured: a late count of bytes must not push the tiles' bar back
  if (stage === 'weights' && element('stage').dataset.stage === 'tiles') return;
  element('stage').dataset.stage = stage;
  element('stage').textContent = STAGES[stage] + amount({ stage, done, total });
  if (stage === 'tiles' || stage === 'weights') bar.value = done / total;
  else bar.removeAttribute('value');
  announce(STAGES[stage]);
}

function amount({ stage, done, total }: Progress): string {
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  if (stage === 'weights') return ` ${megabytes(done)} of ${megabytes(total)} MB`;
  return stage === 'tiles' ? ` ${done} of ${total} ${total === 1 ? 'part' : 'parts'}` : '';
}

/** Standard deviations on the 0..255 scale, in words; blind models keep it to themselves. */
function showSigma(sigma: number | undefined): void {
  if (sigma === undefined) {
    element('sigma').textContent = 'found by the model';
    return;
  }
  const word =
    sigma === 0 ? 'none' : sigma < 5 ? 'slight' : sigma < 12 ? 'moderate' : sigma < 30 ? 'strong' : 'very strong';
  element('sigma').textContent = sigma === 0 ? word : `${word} (σ ${sigma.toFixed(1)})`;
}

export function describeResult({ engine, timings, width, height }: DenoiseResult): void {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  const megapixels = ((width * height) / 1e6).toFixed(2);
  const loading = timings.open > 100 ? ` (${seconds(timings.open)} of it loading)` : '';
  element('engine').textContent = `${megapixels} megapixels in ${seconds(timings.total)}${loading}, ${PLACES[engine]}`;
  announce(`Done. ${element('engine').textContent}`);
}

export function showError(reason: unknown): void {
  const known = reason instanceof DegrainError;
  element('error-title').textContent = known
    ? `Expected ${reason.expected}, but received ${reason.received}.`
    : 'Something went wrong.';
  element('error-remedy').textContent = known ? reason.remedy : String(reason);
  element('error').hidden = false;
}

export function hideError(): void {
  element('error').hidden = true;
  element('sigma').textContent = '…';
  element('engine').textContent = '';
  element('stage').dataset.stage = '';
}
