import type { Denoiser, DenoiserOptions, EngineName } from '../contract.ts';
import type { AttributeElement } from './attributes.ts';

export interface Loan {
  /** Of which settings. */
  readonly name: string;
  readonly denoiser: Promise<Denoiser>;
  giveBack(): void;
}

/** ms that a denoiser without users stays: pages take elements out and put others in. */
const LINGER = 2000;

const shared = new Map<string, { denoiser: Promise<Denoiser>; users: number }>();

type Settings = Pick<AttributeElement, 'endpoint' | 'key' | 'model' | 'engine'>;

/** A denoiser of these settings: one for all elements that have the same. It ends soon after its last user. */
export function borrowDenoiser({ endpoint, key, model, engine }: Settings): Loan {
  const name = JSON.stringify([endpoint, key, model, engine]);
  const names = engine.split(/[\s,]+/) as EngineName[];
  const options: DenoiserOptions = {
    ...{ key, model, engine: engine === 'auto' ? engine : names },
    ...(endpoint && { endpoint }),
  };
  const entry = shared.get(name) ?? { denoiser: create(options), users: 0 };
  shared.set(name, entry);
  entry.users++;
  // one that could not start is nobody's: the next try makes a new one
  entry.denoiser.catch(() => forget(name, entry));
  let isOurs = true;
  return {
    name,
    denoiser: entry.denoiser,
    giveBack() {
      if (!isOurs) return;
      isOurs = false;
      entry.users--;
      setTimeout(() => {
        if (entry.users > 0 || shared.get(name) !== entry) return;
        forget(name, entry);
        entry.denoiser.then(
          (denoiser) => denoiser.dispose(),
          () => 'its users have heard',
        );
      }, LINGER);
    },
  };
}

async function create(options: DenoiserOptions): Promise<Denoiser> {
  const { createDenoiser } = await loadLibrary();
  return createDenoiser(options);
}

/** Browsers remember that a module did not come, and ask no second time: but they do at another address. */
async function loadLibrary(): Promise<typeof import('../index.ts')> {
  try {
    return await import('../index.ts');
  } catch (reason) {
    console.debug('degrain: the library did not come at first', reason);
    const here = import.meta.url;
    return import(/* @vite-ignore */ new URL(`degrain.js?again=${Date.now()}`, here).href);
  }
}

function forget(name: string, entry: object): void {
  if (shared.get(name) === entry) shared.delete(name);
}
