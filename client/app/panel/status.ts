import type { Progress, Stage } from '../../index.ts';
import { element } from '../../page/element.ts';
import type { Item, Outcome } from '../queue/item.ts';
import { inMegabytes } from './models.ts';

const STAGES: Record<Stage, string> = {
  decode: 'Reading the photo…',
  plan: 'Planning…',
  weights: 'Loading the model…',
  estimate: 'Measuring the noise…',
  engine: 'Starting the engine…',
  tiles: 'Denoising…',
};

const PLACES: Record<Outcome['engine'], string> = {
  wgsl: 'on this device’s GPU.',
  'tfjs-webgpu': 'on this device’s GPU (TF.js).',
  wasm: 'on this device’s processor (WebAssembly).',
  // never asked for by this page: see address.ts
  edge: 'at the edge.',
  filter: 'on this device’s processor.',
  none: 'here: there was nothing to remove.',
};

let announced = '';

/** For screen readers: a change of state, not every tile. */
export function announce(text: string): void {
  if (text === announced) return;
  announced = text;
  element('live').textContent = text;
}

export function showProgress({ stage, done, total }: Progress): void {
  const bar = element('progress', HTMLProgressElement);
  const words = element('stage');
  // weights still arrive while the noise is measured: a late count of bytes must not push the tiles' bar back
  if (stage === 'weights' && words.dataset.stage === 'tiles') return;
  words.dataset.stage = stage;
  words.textContent = STAGES[stage] + amount({ stage, done, total });
  if (stage === 'tiles' || stage === 'weights') bar.value = total === 0 ? 1 : done / total;
  else bar.removeAttribute('value');
  announce(STAGES[stage]);
}

/** Before its turn, or between two photos. */
export function showWaiting(text: string): void {
  element('stage').dataset.stage = '';
  element('stage').textContent = text;
  element('progress').removeAttribute('value');
}

function amount({ stage, done, total }: Progress): string {
  if (stage === 'weights') return ` ${inMegabytes(done)} of ${inMegabytes(total)}`;
  return stage === 'tiles' ? ` ${done} of ${total} ${total === 1 ? 'part' : 'parts'}` : '';
}

export function describe({ outcome, size }: Item): string {
  if (!outcome || !size) return '';
  const megapixels = ((size.width * size.height) / 1e6).toFixed(2);
  return `${megapixels} megapixels in ${inSeconds(outcome.milliseconds)}, ${PLACES[outcome.engine]}`;
}

export function inSeconds(ms: number): string {
  if (ms > 90_000) return `${Math.round(ms / 60_000)} minutes`;
  return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}
