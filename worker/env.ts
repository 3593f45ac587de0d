import type { SiteLedger } from './usage/site.ts';

/** What wrangler.toml binds. */
export interface Env {
  ASSETS: Fetcher;
  SITES: DurableObjectNamespace<SiteLedger>;
  /** The bucket that published files are served from; without one they are static assets. */
  MODELS?: R2Bucket;
  /** Largest image that the edge denoises, in pixels. */
  EDGE_MAX_PIXELS: number;
  /** Largest file that the edge denoises, in bytes. */
  EDGE_MAX_BYTES: number;
  /** '1' where the keys `pk_local` and `sk_local` are good: `npm start` and the tests set it, a deployment never. */
  LOCAL_KEYS?: string;
}
