import { DegrainError } from '../../models/errors.ts';
import type { Denoiser, EngineName } from '../index.ts';

/** Beside the page, which is there first. */
export const library = () => load(() => import('../index.ts'));
export const loadElement = () => load(() => import('../widget/index.ts'));

async function load<Module>(script: () => Promise<Module>): Promise<Module> {
  try {
    return await script();
  } catch (cause) {
    const expected = `a script from ${location.origin}`;
    const remedy = 'Check the connection, and try again.';
    throw new DegrainError('network', { expected, received: String(cause), remedy }, cause);
  }
}

/** Where this page came from, and which site it is: the build takes the key from DEGRAIN_SITE_KEY. */
export const endpoint = location.origin;
export const key = document.querySelector<HTMLMetaElement>('meta[name="degrain-key"]')?.content ?? '';

const asked = new URLSearchParams(location.search);

/** Never `edge`: of this page it is said that photos stay on the device. `?engine=wasm` asks for one of them. */
const ENGINES: readonly EngineName[] = ['tfjs-webgpu', 'wasm'];
const engines = ENGINES.filter((name) => name === asked.get('engine'));

export async function openDenoiser(model: string): Promise<Denoiser> {
  const { createDenoiser } = await library();
  return createDenoiser({ endpoint, key, model, engine: engines.length > 0 ? engines : ENGINES });
}

/** What the service worker says of photos that were shared, once: their number, or why there are none. */
export function takeShared(): string | null {
  const shared = asked.get('shared');
  if (shared === null) return null;
  const address = new URL(location.href);
  address.searchParams.delete('shared');
  history.replaceState(null, '', address);
  return shared;
}

/** `?model=photo` in the address. */
export const askedModel = asked.get('model');
