import { PROBLEMS, type ProblemCode } from '../http/problem.ts';
import { EDGE, OUTLINE } from './examples.ts';
import type { HeaderName } from './headers.ts';
import type { Access } from './operation.ts';

interface Example {
  readonly expected: string;
  readonly received: string;
  readonly detail: string;
  readonly more?: Record<string, unknown>;
}

/** What each code looks like. */
const EXAMPLES: Record<ProblemCode, Example> = {
  'bad-request': {
    expected: 'width to be a whole number from 1 to 65535',
    received: '0',
    detail: 'Correct the request; docs/api.md lists every field.',
  },
  'invalid-image': {
    expected: 'a PNG file',
    received: 'nothing',
    detail: 'Open the image and save it again.',
  },
  unauthorized: {
    expected: 'a site key (?key=pk_…) or a secret key (Authorization: Bearer sk_…)',
    received: 'no key',
    detail: 'Use the keys of your site.',
  },
  'origin-not-allowed': {
    expected: "a page of one of the site's origins",
    received: 'https://elsewhere.example',
    detail: "Add the page's origin to the site, or ask from a server, with the secret key.",
  },
  'rate-limited': {
    expected: "no more requests than the site's limit per minute",
    received: 'more',
    detail: 'Try again in 12 s.',
  },
  'quota-exceeded': {
    expected: 'at most 1000 megapixels a month',
    received: 'more',
    detail: 'The quota starts anew at 2026-12-01T00:00:00.000Z (within 11 days), or raise it.',
    more: { quota: 'monthlyMegapixels', limit: 1000, resets: '2026-12-01T00:00:00.000Z' },
  },
  'model-not-at-edge': {
    expected: 'one of fast@1.2.0, median@1.0.0',
    received: 'bm3d@1.0.0',
    detail: 'It is too large for the edge: run it in the browser with the library, or take one of these here.',
  },
  'not-found': {
    expected: 'one of the models fast@1.2.0, photo@1.0.0',
    received: 'sharp',
    detail: 'GET /v1/models lists all.',
  },
  'image-too-large': {
    expected: 'at most 65536 pixels and 1048576 bytes',
    received: '1200 x 800 = 960000 pixels',
    detail: 'Denoise it in the browser: open `links.page`, or embed degrain, which follows such a plan by itself.',
    more: { plan: OUTLINE, links: { page: `${EDGE}/?model=fast`, plans: `${EDGE}/v1/plans` } },
  },
  'unsupported-media-type': {
    expected: 'Content-Type: image/png or image/jpeg',
    received: 'image/gif',
    detail: "Send the file's bytes as what they are.",
  },
  'not-acceptable': {
    expected: 'Accept to take image/png or image/jpeg',
    received: 'image/webp',
    detail: 'Leave Accept out: the answer then has the type of the image.',
  },
  busy: {
    expected: 'a free place',
    received: '8 images that wait already, or 5 seconds of waiting',
    detail: 'Try again after the seconds in Retry-After, or denoise in the browser.',
  },
  'range-not-satisfiable': {
    expected: 'a range within 1168560 bytes',
    received: 'one beyond them',
    detail: 'Ask for less, or without Range for all of it.',
  },
  internal: {
    expected: 'an answer',
    received: 'a fault',
    detail: 'Try again later; nothing was counted.',
  },
  'ledger-unavailable': {
    expected: "the site's ledger to answer",
    received: 'a failure',
    detail: 'Try again in a few seconds.',
  },
};

/** What any request of a kind may be answered with. */
const OF_ACCESS: Record<Access, readonly ProblemCode[]> = {
  anyone: [],
  'page or server': ['unauthorized', 'origin-not-allowed', 'rate-limited', 'ledger-unavailable'],
  server: ['unauthorized', 'rate-limited', 'ledger-unavailable'],
  // without an ADMIN_TOKEN there is nothing at these addresses
  admin: ['unauthorized', 'not-found', 'ledger-unavailable'],
};

export function problemsOf(access: Access, own: readonly ProblemCode[]): ProblemCode[] {
  return [...new Set([...own, ...OF_ACCESS[access], 'internal' as const])];
}

/** Headers that go with a status. */
export const PROBLEM_HEADERS: Partial<Record<number, readonly HeaderName[]>> = {
  401: ['WWW-Authenticate'],
  416: ['Content-Range'],
  429: ['Retry-After'],
  503: ['Retry-After'],
};

/** For `components.examples`, by code. */
export function problemExamples() {
  return Object.fromEntries(
    Object.entries(EXAMPLES).map(([code, { more, ...parts }]) => {
      const { status, title } = PROBLEMS[code as ProblemCode];
      const requestId = 'a3f1c9d2-7b64-4e0f-9a51-2c8d6e0b4f17';
      const value = { type: `/problems/${code}`, title, status, ...parts, requestId, ...more };
      return [code, { summary: title, value }];
    }),
  );
}
