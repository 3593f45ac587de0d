import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '../worker/env.ts';
import { d1Database } from '../worker/usage/database.ts';
import type { Assets } from './assets/assets.ts';
import { ThreadDenoiser } from './denoiser/denoiser.ts';
import type { Settings } from './settings.ts';
import { lockFolder } from './storage/lock.ts';
import { d1Of, openReports } from './storage/reports.ts';
import { Sites } from './storage/sites.ts';

/**
 * There is no queue: a ledger in this very process is away when the disk is, and then there is nowhere else to keep
 * what happened. So it is refused (503) rather than served unrecorded.
 */
const NO_QUEUE = {
  send: async () => {
    throw new Error('no queue: nothing is kept but in the ledgers');
  },
};

/** What wrangler.toml binds at the edge, made of files and threads. */
export async function openEnvironment(
  settings: Settings,
  folder: string,
  assets: Assets,
): Promise<{ env: Env; close(): Promise<void> }> {
  // names of sites and hashes of keys are nobody else's business
  mkdirSync(settings.DATA, { recursive: true, mode: 0o700 });
  const unlock = lockFolder(join(settings.DATA, 'lock'));
  const database = openReports(join(settings.DATA, 'reports.db'));
  const reports = d1Of(database);
  const sites = new Sites(join(settings.DATA, 'sites'), d1Database(reports), settings);
  await sites.start({ local: settings.LOCAL_KEYS === '1' });
  const denoiser = new ThreadDenoiser(folder);
  const files = { fetch: async (request: Request) => assets.answer(request) ?? new Response(null, { status: 404 }) };
  const env = { ...settings, ASSETS: files, SITES: sites, REPORTS: reports, REPLAY: NO_QUEUE, DENOISER: denoiser };
  return {
    env: env as unknown as Env,
    async close() {
      await denoiser.close();
      sites.close();
      database.close();
      unlock();
    },
  };
}
