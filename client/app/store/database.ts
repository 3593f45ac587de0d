import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Entry } from '../history/entry.ts';
import type { Item, Settings } from '../queue/item.ts';

interface Tables extends DBSchema {
  /** Photos from their arrival until they are removed; their files are in store/files.ts. */
  items: { key: string; value: Item };
  /** What was done: kept when the photos are gone, until it is cleared. */
  history: { key: string; value: Entry };
  settings: { key: 'last'; value: Settings };
}

let opened: Promise<IDBPDatabase<Tables>> | undefined;

/** The page and its service worker have the same one. */
export function database(): Promise<IDBPDatabase<Tables>> {
  opened ??= openDB<Tables>('degrain-app', 1, {
    upgrade(made) {
      made.createObjectStore('items', { keyPath: 'id' });
      made.createObjectStore('history', { keyPath: 'id' });
      made.createObjectStore('settings');
    },
  });
  return opened;
}
