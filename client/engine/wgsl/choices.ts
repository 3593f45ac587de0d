import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import * as z from 'zod/mini';
import type { Build } from './kernel.ts';

/** What is known of a network on a GPU. */
export interface Known {
  /** The fastest, once that has been measured. */
  readonly build?: Build | undefined;
  /** 1e9 multiply-accumulates a second, of the default before there is a build. */
  readonly rate?: number | undefined;
  /** How often measuring has begun: where it brings the browser down, it is not begun for ever. */
  readonly tries: number;
}

/** What a page may keep, or keeps as long as it is open. */
export interface Choices {
  recall(key: string): Promise<Known>;
  keep(key: string, known: Known): Promise<void>;
}

const Row = z.object({
  build: z.optional(
    z.object({ arithmetic: z.enum(['f32', 'f16']), rows: z.literal([4, 8]), group: z.optional(z.literal([8, 16])) }),
  ),
  rate: z.optional(z.number().check(z.positive())),
  tries: z.int().check(z.nonnegative()),
});

interface Tables extends DBSchema {
  choices: { key: string; value: Known & { used: number }; indexes: { used: number } };
}

export const NAME = 'degrain-gpu';
/** Of other networks, browsers and GPUs: the longest unused go first. */
const MOST_ROWS = 32;
/** ms: a storage that hangs is none. */
const PATIENCE = 250;

const NOTHING: Known = { tries: 0 };

/** In IndexedDB: workers have it, and it outlasts the page. What it does not say is nothing known. */
export const choices: Choices = {
  async recall(key) {
    const row = await orNothing(async () => (await database()).get('choices', key));
    const parsed = Row.safeParse(row);
    return parsed.success ? (parsed.data as Known) : NOTHING;
  },
  async keep(key, known) {
    await orNothing(async () => {
      const rows = (await database()).transaction('choices', 'readwrite').store;
      await rows.put({ ...known, used: Date.now() }, key);
      const keys = await rows.index('used').getAllKeys();
      for (const old of keys.slice(0, Math.max(0, keys.length - MOST_ROWS))) await rows.delete(old);
    });
  },
};

let opened: Promise<IDBPDatabase<Tables>> | undefined;

function database(): Promise<IDBPDatabase<Tables>> {
  opened ??= openDB<Tables>(NAME, 1, {
    upgrade(made) {
      made.createObjectStore('choices').createIndex('used', 'used');
    },
    blocking(_current, _blocked, event) {
      // who deletes it is not held up
      (event.target as IDBDatabase).close();
      opened = undefined;
    },
  });
  return opened;
}

/** Pages without storage, a full disk, a database of a later version: none of them may stop or slow anything. */
async function orNothing<Result>(ask: () => Promise<Result>): Promise<Result | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, PATIENCE);
  });
  try {
    return await Promise.race([ask(), late]);
  } catch (reason) {
    console.debug('degrain: nothing is remembered of this GPU', reason);
    opened = undefined;
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
