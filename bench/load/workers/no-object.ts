import type { Env } from '../../../worker/env.ts';
import edge, { SiteLedger } from '../../../worker/index.ts';

/** The edge with a ledger that agrees at once, without being an object: all of a plan but the hop and the writing. */
const SITES = {
  getByName: () => ({ plan: async () => ({ readable: true, value: 'new' }) }),
} as unknown as Env['SITES'];

export { SiteLedger };

export default {
  fetch: (request: Request, env: Env, context: Parameters<typeof edge.fetch>[2]) =>
    edge.fetch(request, { ...env, SITES }, context),
};
