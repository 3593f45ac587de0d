/** What a site's owner decides. `null`: without limit. */
export interface SiteSettings {
  /** For people. */
  readonly name: string;
  /** Whose pages may use the page key: see origins.ts. */
  readonly origins: readonly string[];
  /** Per calendar month, UTC: 1e6 px, planned and denoised at the edge. */
  readonly monthlyMegapixels: number | null;
  /** Per calendar month, UTC: images that the edge denoises. */
  readonly monthlyDenoises: number | null;
  /** Of all that asks with one of the site's keys. */
  readonly requestsPerMinute: number | null;
}

/** The site of `npm start` and the tests, which has `pk_local` and `sk_local`. */
export const LOCAL_SITE = 'local';

export const LOCAL_SETTINGS: SiteSettings = {
  name: 'local',
  origins: ['*'],
  monthlyMegapixels: null,
  monthlyDenoises: null,
  requestsPerMinute: null,
};
