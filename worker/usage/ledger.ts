import type { Env } from '../env.ts';
import { Problem } from '../http/problem.ts';
import type { SiteLedger } from './site.ts';

/**
 * Asks a site's ledger, and waits for the answer: what is not recorded is not served.
 *
 * @throws Problem `ledger-unavailable` where the object cannot be reached or fails.
 */
export async function askLedger<Answer>(
  env: Env,
  site: string,
  ask: (ledger: DurableObjectStub<SiteLedger>) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await ask(env.SITES.get(env.SITES.idFromName(site)));
  } catch (cause) {
    console.error('ledger', cause);
    throw new Problem(
      'ledger-unavailable',
      { expected: "the site's ledger to answer", received: 'a failure', remedy: 'Try again in a few seconds.' },
      cause,
    );
  }
}
