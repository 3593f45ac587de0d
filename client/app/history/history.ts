import type { Item } from '../queue/item.ts';
import { database } from '../store/database.ts';
import type { Entry } from './entry.ts';

/** Entries that are kept: thumbnails of a few KB each. */
const MOST = 500;

export async function remember({ id, name, bytes, size, thumbnail, outcome }: Item): Promise<void> {
  const entry: Entry = { id, name, bytes, at: Date.now(), ...strip({ size, thumbnail, outcome }) };
  await (await database()).put('history', entry);
  for (const old of (await listHistory()).slice(MOST)) await (await database()).delete('history', old.id);
}

/** Newest first. */
export async function listHistory(): Promise<Entry[]> {
  const entries = await (await database()).getAll('history');
  return entries.sort((a, b) => b.at - a.at);
}

export async function clearHistory(): Promise<void> {
  await (await database()).clear('history');
}

/** Without the fields that are undefined. */
function strip<Fields extends object>(fields: Fields): { [Name in keyof Fields]?: NonNullable<Fields[Name]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
