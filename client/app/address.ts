import { DegrainError } from '../../models/errors.ts';
import { findGpu } from '../engine/gpu.ts';
import { createDenoiser, type Denoiser, type EngineName } from '../index.ts';

/** Beside the page, which is there first. */
export async function loadElement(): Promise<void> {
  try {
    await import('../widget/index.ts');
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

const ON_GPU: readonly EngineName[] = ['wgsl', 'tfjs-webgpu'];

/**
 * Never `edge`: of this page it is said that photos stay on the device. As a list is taken at its word, what `auto` would
 * leave out is left out here: a GPU that is emulated on the processor. `?engine=wasm` asks for one of them.
 */
async function engines(): Promise<readonly EngineName[]> {
  const named = [...ON_GPU, 'wasm' as const].filter((name) => name === asked.get('engine'));
  if (named.length > 0) return named;
  return (await findGpu())?.kind === 'hardware' ? [...ON_GPU, 'wasm'] : ['wasm'];
}

export async function openDenoiser(model: string): Promise<Denoiser> {
  return createDenoiser({ endpoint, key, model, engine: await engines() });
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
