import type { Access } from './ledger.ts';

/** ms that a ledger's yes is good for while it cannot be asked. */
const GOOD_FOR = 15 * 60_000;

/** Keys remembered, the latest. */
const MOST_KEYS = 4096;
const MOST_ORIGINS = 64;

type ByOrigin = Map<string | null, { at: number; readable: boolean }>;

/**
 * What ledgers allowed, as this isolate has seen it, by key hash and origin: only for when a ledger fails. A no takes
 * away what it is about.
 */
export class Grants {
  readonly #keys = new Map<string, ByOrigin>();

  remember({ hash, origin }: Access, readable: boolean, now: number): void {
    const origins: ByOrigin = this.#keys.get(hash) ?? new Map();
    // the latest are last
    this.#keys.delete(hash);
    this.#keys.set(hash, origins);
    origins.delete(origin);
    origins.set(origin, { at: now, readable });
    dropOldest(this.#keys, MOST_KEYS);
    dropOldest(origins, MOST_ORIGINS);
  }

  forget({ hash }: Access): void {
    this.#keys.delete(hash);
  }

  forgetOrigin({ hash, origin }: Access): void {
    this.#keys.get(hash)?.delete(origin);
  }

  /** Undefined where there is none that is still good. */
  find({ hash, origin }: Access, now: number): { readable: boolean } | undefined {
    const grant = this.#keys.get(hash)?.get(origin);
    return grant && now - grant.at < GOOD_FOR ? grant : undefined;
  }
}

function dropOldest(map: Map<unknown, unknown>, most: number): void {
  if (map.size <= most) return;
  const [oldest] = map.keys();
  map.delete(oldest);
}
