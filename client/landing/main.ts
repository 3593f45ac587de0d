import '../widget/index.ts';
import { element } from '../page/element.ts';
import type { DenoiseImageElement, DenoiseImageEvents } from '../widget/contract.ts';

// The page's own first picture is denoised by what it offers; who saves data is asked first.

const hero = document.querySelector<DenoiseImageElement>('#hero');
const { saveData = false } = (navigator as { connection?: { saveData?: boolean } }).connection ?? {};

if (hero) {
  hero.key = document.querySelector<HTMLMetaElement>('meta[name="degrain-key"]')?.content ?? '';
  hero.addEventListener('progress', () => {
    element('hero-said').textContent = 'Your device removes the noise, now.';
  });
  hero.addEventListener('error', () => {
    element('hero-said').textContent = 'The noise is still there: the picture says why.';
  });
  hero.addEventListener('done', (event) => {
    const { timings, engine } = (event as DenoiseImageEvents['done']).detail;
    const place = engine === 'wgsl' || engine === 'tfjs-webgpu' ? 'on its GPU' : 'on its processor';
    element('hero-said').textContent =
      `Your device removed the noise, in ${(timings.tiles / 1000).toFixed(1)} s ${place}.`;
  });
  hero.start = saveData ? 'ask' : 'visible';
}

for (const place of document.querySelectorAll('[data-origin]')) place.textContent = location.origin;
