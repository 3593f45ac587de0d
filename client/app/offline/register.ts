import { element } from '../../page/element.ts';
import { WORK } from '../queue/runner.ts';
import { TAKE_OVER } from './scope.ts';

/** Begins with `/a`: `/app/` and `/assets/`, see service-worker.ts. */
const SCOPE = '../a';

/** Makes the page work without a network, and offers a new version when there is one: never in the middle of a batch. */
export async function keepPage(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const { serviceWorker } = navigator;
  const registration = await serviceWorker.register(new URL('../sw.js', document.baseURI), {
    scope: new URL(SCOPE, document.baseURI).pathname,
  });
  const offer = () => {
    // the first one waits for nobody
    element('update').hidden = !(registration.waiting && serviceWorker.controller);
  };
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', offer);
  });
  offer();
  const button = element('update-now', HTMLButtonElement);
  button.addEventListener('click', async () => {
    button.disabled = true;
    element('update-text').textContent = 'The new version comes when this photo is done.';
    // held by whichever tab works on a photo
    await navigator.locks.request(WORK, async () => {
      serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
      registration.waiting?.postMessage(TAKE_OVER);
      await new Promise(() => undefined);
    });
  });
}
