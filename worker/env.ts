import type { Denoiser } from './image/denoise-in-turn.ts';
import type { ReplayMessage } from './usage/replay.ts';
import type { SiteLedger } from './usage/site.ts';

/** What wrangler.toml binds. */
export interface Env {
  ASSETS: Fetcher;
  SITES: DurableObjectNamespace<SiteLedger>;
  /** The bucket that published files are served from; without one they are static assets. */
  MODELS?: R2Bucket;
  /** Where usage waits while a site's ledger is away. */
  REPLAY: Queue<ReplayMessage>;
  /** The list of sites, and the days of all. */
  REPORTS: D1Database;
  /** Days that single events are kept; their days' totals stay. At least 15. */
  RETENTION_DAYS: number;
  /** Between two copies of a site's days to the reports. */
  ROLLUP_SECONDS: number;
  /** Who has it may create and end sites; without it nobody may. A secret. */
  ADMIN_TOKEN?: string;
  /** Largest image that the edge denoises, in pixels. */
  EDGE_MAX_PIXELS: number;
  /** Largest file that the edge denoises, in bytes. */
  EDGE_MAX_BYTES: number;
  /** Another thread that denoises, where there are threads; else the one that answers does it. */
  DENOISER?: Denoiser;
  /** '1' where the keys `pk_local` and `sk_local` are good: `npm start` and the tests set it, a deployment never. */
  LOCAL_KEYS?: string;
}
