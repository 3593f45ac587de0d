import { database } from '../store/database.ts';
import type { Settings } from './item.ts';

export const FIRST_SETTINGS: Settings = { model: 'fast', sigma: 'auto', strength: 1, luma: 1, chroma: 1 };

/** What the next photos start with: as set last. In the database, where the service worker reads it too. */
export async function lastSettings(): Promise<Settings> {
  return { ...FIRST_SETTINGS, ...(await (await database()).get('settings', 'last')) };
}

export async function keepSettings(settings: Settings): Promise<void> {
  await (await database()).put('settings', settings, 'last');
}
