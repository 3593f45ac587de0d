import type { Sql } from './sql.ts';

/** A page's key is public and travels in the address; a secret one is a server's and never does. */
export const KEY_KINDS = ['page', 'secret'] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

const PREFIX: Record<KeyKind, string> = { page: 'pk_', secret: 'sk_' };

/** Bytes of randomness. A page's key is no secret; it must only not be guessed by accident. */
const RANDOM_BYTES: Record<KeyKind, number> = { page: 16, secret: 32 };

/** A site's id: 80 random bits, so that nobody finds sites by counting. */
export const SITE_ID = /^s[0-9a-f]{20}$/;
export const newSiteId = () => `s${randomHex(10)}`;

/** What a key says of itself. Whether it is good, the ledger of its site knows. */
export function readKey(text: string): { kind: KeyKind; site: string } | undefined {
  const [, prefix, site] = /^(pk|sk)_(s[0-9a-f]{20})_[0-9a-f]{32,64}$/.exec(text) ?? [];
  return site === undefined ? undefined : { kind: prefix === 'pk' ? 'page' : 'secret', site };
}

export const kindOf = (text: string): KeyKind | undefined =>
  KEY_KINDS.find((kind) => text.toLowerCase().startsWith(PREFIX[kind]));

/** A key as it is stored: the hash, and what may be shown of it. */
export interface StoredKey {
  /** Names the key where the key itself must not stand. */
  readonly id: string;
  readonly kind: KeyKind;
  /** SHA-256, hex. */
  readonly hash: string;
  /** A page's key whole, of a secret one the end. */
  readonly shown: string;
}

/** A new key; `text` is what its owner gets to see, once. */
export async function newKey(site: string, kind: KeyKind): Promise<{ text: string; stored: StoredKey }> {
  const text = `${PREFIX[kind]}${site}_${randomHex(RANDOM_BYTES[kind])}`;
  return { text, stored: await storedKey(text, kind, randomHex(6)) };
}

export async function storedKey(text: string, kind: KeyKind, id: string): Promise<StoredKey> {
  const shown = kind === 'page' ? text : `sk_…${text.slice(-4)}`;
  return { id, kind, hash: await hashKey(text), shown };
}

/** SHA-256, hex. */
export async function hashKey(text: string): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));
}

/** The time says nothing of how much was right. */
export function equalInConstantTime(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i % b.length);
  return difference === 0;
}

const randomHex = (bytes: number) => hex(crypto.getRandomValues(new Uint8Array(bytes)));
const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export interface KeyInfo extends Omit<StoredKey, 'hash'> {
  /** ms since 1970. */
  readonly createdAt: number;
  /** When it ends, ms since 1970; null: when it is rotated or revoked. */
  readonly goodUntil: number | null;
}

type KeyRow = StoredKey & { created_at: number; good_until: number | null };

/** A site's keys. */
export class KeyRing {
  readonly #sql: Sql;
  /** As in the table: every request asks. */
  #rows: KeyRow[] | undefined;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** All of a kind are compared, and all of each. */
  accepts(kind: KeyKind, hash: string, now: number): boolean {
    let found = false;
    for (const row of this.#all()) {
      const good = row.kind === kind && (row.good_until === null || now < row.good_until);
      if (equalInConstantTime(row.hash, hash) && good) found = true;
    }
    return found;
  }

  list(now: number): KeyInfo[] {
    const living = this.#all().filter(({ good_until }) => good_until === null || now < good_until);
    return living.map(({ id, kind, shown, created_at: createdAt, good_until: goodUntil }) => ({
      ...{ id, kind, shown, createdAt, goodUntil },
    }));
  }

  /** The others of its kind stay good for `overlap` ms, those that end sooner until then. */
  add({ id, kind, hash, shown }: StoredKey, overlap: number, now: number): void {
    this.#rows = undefined;
    this.#sql.transaction(() => {
      this.#sql.exec('DELETE FROM site_keys WHERE good_until <= ?', now);
      this.#sql.exec(
        'UPDATE site_keys SET good_until = MIN(IFNULL(good_until, ?), ?) WHERE kind = ?',
        ...[now + overlap, now + overlap, kind],
      );
      this.#sql.exec('INSERT INTO site_keys VALUES (?, ?, ?, ?, ?, NULL)', id, kind, hash, shown, now);
    });
  }

  /** Ends a key at once. Returns false if there is none of that id. */
  revoke(id: string): boolean {
    this.#rows = undefined;
    return this.#sql.exec('DELETE FROM site_keys WHERE id = ? RETURNING id', id).length > 0;
  }

  #all(): KeyRow[] {
    this.#rows ??= this.#sql.exec<KeyRow>('SELECT * FROM site_keys ORDER BY created_at, id');
    return this.#rows;
  }
}
