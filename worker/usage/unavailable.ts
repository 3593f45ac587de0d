import { Problem } from '../http/problem.ts';

/** Nothing was recorded, so nothing is served. */
export function unavailable(cause: unknown): Problem {
  return new Problem(
    'ledger-unavailable',
    { expected: "the site's ledger to answer", received: 'a failure', remedy: 'Try again in a few seconds.' },
    cause,
  );
}
