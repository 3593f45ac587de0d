import { app } from './app.ts';
import type { Env } from './env.ts';
import { type ReplayMessage, replay } from './usage/replay.ts';

export { SiteLedger } from './usage/site.ts';

export default { fetch: app.fetch, queue: replay } satisfies ExportedHandler<Env, ReplayMessage>;
