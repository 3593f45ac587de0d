import { Problem } from '../http/problem.ts';
import type { Access, Refusal } from './ledger.ts';

const DAY = 24 * 3600 * 1000;

/** What a ledger's no says to the one who asked. */
export function refusalProblem(refused: Refusal, { kind, origin }: Access, now: number): Problem {
  switch (refused.code) {
    case 'unauthorized':
      return unauthorized('a key that is not known here');
    case 'origin-not-allowed':
      return new Problem('origin-not-allowed', {
        expected: "a page of one of the site's origins",
        received: origin === null ? 'no Origin header' : origin.slice(0, 200),
        remedy: `Add the page's origin to the site${kind === 'page' ? ', or ask from a server, with the secret key' : ''}.`,
      });
    case 'rate-limited': {
      const seconds = Math.max(1, Math.ceil(refused.waitMs / 1000));
      return new Problem('rate-limited', {
        expected: "no more requests than the site's limit per minute",
        received: 'more',
        remedy: `Try again in ${seconds} s.`,
        headers: { 'Retry-After': String(seconds) },
      });
    }
    case 'quota-exceeded': {
      const { quota, limit, resetsAt } = refused;
      const resets = new Date(resetsAt).toISOString();
      const unit = quota === 'monthlyMegapixels' ? 'megapixels' : 'denoises at the edge';
      return new Problem('quota-exceeded', {
        expected: `at most ${limit} ${unit} a month`,
        received: 'more',
        remedy: `The quota starts anew at ${resets} (within ${Math.ceil((resetsAt - now) / DAY)} days), or raise it.`,
        more: { quota, limit, resets },
        headers: { 'Retry-After': String(Math.max(1, Math.ceil((resetsAt - now) / 1000))) },
      });
    }
  }
}

export function unauthorized(received: string, secretOnly = false): Problem {
  const secret = 'a secret key (Authorization: Bearer sk_…)';
  return new Problem('unauthorized', {
    expected: secretOnly ? secret : `a site key (?key=pk_…) or ${secret}`,
    received,
    remedy: secretOnly ? 'Ask from a server, with the secret key.' : 'Use the keys of your site.',
  });
}
