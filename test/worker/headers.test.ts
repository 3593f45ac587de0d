import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findCard } from '../../models/catalog.ts';
import { root } from '../paths.ts';
import { pathOf, startEdgeWithBucket, WEIGHTS } from './buckets.ts';
import { type Edge, onNode, startEdge } from './harness.ts';

/**
 * Every route, and what its answers carry. `nosniff` goes without saying, and all have it. Static files refuse
 * preflights (405), which no page needs for them: GET and a plain Range go without.
 *
 *   key    presented: `pk` in the address, `sk` or `ad` (the admin's token) as Bearer, `-` none
 *   cors   Access-Control-Allow-Origin: any, the asking page's `own`, or none: for servers alone
 *   corp   Cross-Origin-Resource-Policy: cross-origin (`any`) or same-origin (`self`)
 *   cache  `year` and immutable, `weak`: a minute, `short`: five, `no-store`, `check`: kept, but asked for each time
 *   etag   `strong`, `weak`
 *   csp    `none`: nothing may run, `app`, `worker`, `sw`, `text`: see scripts/static-headers.ts
 *   rest   `timing`: Timing-Allow-Origin, `id`: Degrain-Request-Id, `coop`: Cross-Origin-Opener-Policy and a
 *          Permissions-Policy, `ref`: Referrer-Policy, `vary`/`www`/`allow`: headers of that start
 */
const TABLE = `
  request                             key  status  cors  corp  cache     etag    csp     rest
  GET      /                           -   200     -     self  check     strong  app     coop ref
  HEAD     /                           -   200     -     self  check     strong  app     coop ref
  GET-304  /                           -   304     -     self  check     strong  app     coop ref
  GET      /docs                       -   200     -     self  check     strong  text    coop ref
  GET-304  /docs                       -   304     -     self  check     strong  text    coop ref
  GET      /app/                       -   200     -     self  check     strong  app     coop ref
  GET-304  /app/                       -   304     -     self  check     strong  app     coop ref
  GET      /app/manifest.webmanifest   -   200     -     self  check     strong  -       -
  GET      /app/icon-192.png           -   200     -     self  check     strong  -       -
  GET      /sw.js                      -   200     -     self  check     strong  sw      -
  GET-304  /sw.js                      -   304     -     self  check     strong  sw      -
  GET      /lab/                       -   200     -     self  check     strong  app     coop ref
  GET      /bench/                     -   200     -     self  check     strong  app     coop ref
  GET      /usage/                     -   200     -     self  check     strong  app     coop ref
  GET      /openapi.json               -   200     *     any   short     strong  -       -
  GET-304  /openapi.json               -   304     *     any   short     strong  -       -
  GET      /degrain.js                 -   200     *     any   short     strong  -       -
  HEAD     /degrain.js                 -   200     *     any   short     strong  -       -
  GET-304  /degrain.js                 -   304     *     any   short     strong  -       -
  GET      /example.jpg                -   200     *     any   short     strong  -       -
  GET      /widget.js                  -   200     *     any   short     strong  -       -
  GET-304  /widget.js                  -   304     *     any   short     strong  -       -
  GET      /assets/worker              -   200     *     any   year      strong  worker  timing
  GET-304  /assets/worker              -   304     *     any   year      strong  worker  timing
  GET      /assets/style.css           -   200     *     any   year      strong  worker  timing
  GET      /models/weights             -   200     *     any   year      strong  -       timing
  HEAD     /models/weights             -   200     *     any   year      strong  -       timing
  GET-304  /models/weights             -   304     *     any   year      strong  -       timing
  GET      /models/nope                -   404     *     any   no-store  -       none    id ref
  OPTIONS  /models/weights             -   405     *     any   year      -       -       timing
  GET      /r2/weights                 -   200     *     any   year      strong  none    timing id ref
  HEAD     /r2/weights                 -   200     *     any   year      strong  none    timing id ref
  OPTIONS  /r2/weights                 -   204     *     any   -         -       none    id ref allow
  GET-304  /r2/weights                 -   304     *     any   year      strong  none    timing id ref
  GET-206  /r2/weights                 -   206     *     any   year      strong  none    timing id ref
  GET-416  /r2/weights                 -   416     *     any   no-store  -       none    id ref
  GET      /r2/card.json               -   200     *     any   year      strong  none    timing id ref
  GET      /r2/nope                    -   404     *     any   no-store  -       none    id ref
  GET      /healthz                    -   200     *     any   -         -       none    id ref
  HEAD     /healthz                    -   200     *     any   -         -       none    id ref
  OPTIONS  /healthz                    -   204     *     any   -         -       none    id ref allow
  GET      /problems/internal          -   200     *     any   -         -       none    id ref
  GET      /problems/nope              -   404     *     any   no-store  -       none    id ref
  GET      /v1/models                  -   200     *     any   weak      weak    none    id ref
  HEAD     /v1/models                  -   200     *     any   weak      weak    none    id ref
  GET-304  /v1/models                  -   304     *     any   weak      weak    none    id ref
  OPTIONS  /v1/models                  -   204     *     any   -         -       none    id ref allow
  GET      /v1/models/fast             -   200     *     any   weak      weak    none    id ref
  GET-304  /v1/models/fast             -   304     *     any   weak      weak    none    id ref
  GET      /v1/models/nope             -   404     *     any   no-store  -       none    id ref
  GET      /v1/models/fast/newest      -   200     *     any   weak      weak    none    id ref
  GET-304  /v1/models/fast/newest      -   304     *     any   weak      weak    none    id ref
  GET      /v1/models/fast/9.9.9       -   404     *     any   no-store  -       none    id ref
  POST     /v1/plans                   pk  200     own   any   no-store  -       none    id ref
  POST     /v1/plans                   sk  200     own   any   no-store  -       none    id ref
  POST     /v1/plans                   -   401     *     any   no-store  -       none    id ref www
  POST-400 /v1/plans                   pk  400     own   any   no-store  -       none    id ref
  OPTIONS  /v1/plans                   -   204     *     any   -         -       none    id ref allow
  POST     /v1/denoise                 sk  415     own   any   no-store  -       none    id ref
  POST     /v1/denoise                 -   401     *     any   no-store  -       none    id ref www
  OPTIONS  /v1/denoise                 -   204     *     any   -         -       none    id ref allow
  POST     /v1/usage                   pk  400     own   any   no-store  -       none    id ref
  POST     /v1/usage                   -   401     *     any   no-store  -       none    id ref www
  GET      /v1/usage                   sk  200     own   any   no-store  -       none    id ref
  GET      /v1/usage                   pk  401     *     any   no-store  -       none    id ref www
  OPTIONS  /v1/usage                   -   204     *     any   -         -       none    id ref allow
  GET      /v1/sites                   ad  200     -     any   no-store  -       none    id ref
  GET      /v1/sites                   -   401     -     any   no-store  -       none    id ref www
  GET      /v1/sites                   sk  401     -     any   no-store  -       none    id ref www
  POST-400 /v1/sites                   ad  400     -     any   no-store  -       none    id ref
  GET      /v1/sites/nope              ad  404     -     any   no-store  -       none    id ref
  GET      /nope                       -   404     *     any   no-store  -       none    id ref
  GET      /v1/nope                    -   404     *     any   no-store  -       none    id ref
`;

const COLUMNS = ['request', 'path', 'key', 'status', 'cors', 'corp', 'cache', 'etag', 'csp'] as const;
type Row = Record<(typeof COLUMNS)[number], string> & { rest: string[] };

const rows = TABLE.trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const words = line.trim().split(/\s+/);
    const row = Object.fromEntries(COLUMNS.map((name, i) => [name, words[i] as string]));
    return { ...row, rest: words.slice(COLUMNS.length) } as Row;
  })
  .filter(({ path }) => !onNode || !path.startsWith('/r2/'));

const ADMIN_TOKEN = 'the-token-of-the-operator';
const PAGE = 'https://page.example';

let edge: Edge;
/** With a bucket, which there is at Cloudflare's only. */
let stored: Edge | undefined;
beforeAll(async () => {
  [edge, stored] = await Promise.all([
    startEdge({ secrets: { ADMIN_TOKEN } }),
    onNode ? undefined : startEdgeWithBucket(),
  ]);
});
afterAll(() => Promise.all([edge.close(), stored?.close()]));

const built = (name: RegExp) => `/assets/${readdirSync(`${root}dist/assets`).find((file) => name.test(file))}`;

/** Names of the table that stand for longer ones. */
const PATHS: Record<string, () => string> = {
  '/assets/worker': () => built(/^worker-.*\.js$/),
  '/assets/style.css': () => built(/\.css$/),
  '/v1/models/fast/newest': () => `/v1/models/fast/${findCard('fast')?.version}`,
  '/models/weights': () => pathOf(WEIGHTS.name),
  '/models/nope': () => pathOf('nope'),
  '/r2/weights': () => pathOf(WEIGHTS.name),
  '/r2/card.json': () => pathOf('card.json'),
  '/r2/nope': () => pathOf('nope'),
};

const BODIES: Record<string, string> = { '/v1/plans': '{"model":"fast","width":64,"height":48}' };

const VARIANTS: Record<string, Record<string, string>> = {
  '206': { range: 'bytes=0-9' },
  '416': { range: 'bytes=999999999-' },
};

async function send({ request, path, key }: Row) {
  const at = stored && path.startsWith('/r2/') ? stored : edge;
  const [method = '', variant = ''] = request.split('-');
  const address = (PATHS[path]?.() ?? path) + (key === 'pk' ? '?key=pk_local' : '');
  const headers: Record<string, string> = { origin: PAGE, ...VARIANTS[variant] };
  if (key === 'sk') headers.authorization = 'Bearer sk_local';
  if (key === 'ad') headers.authorization = `Bearer ${ADMIN_TOKEN}`;
  if (method === 'OPTIONS') headers['access-control-request-method'] = 'GET';
  if (variant === '304') {
    const first = await at.fetch(address, { headers });
    await first.arrayBuffer();
    headers['if-none-match'] = first.headers.get('etag') as string;
  }
  const body = method === 'POST' && variant !== '400' ? (BODIES[path] ?? '{}') : undefined;
  const response = await at.fetch(address, { method, headers, ...(body && { body }) });
  await response.arrayBuffer();
  return response;
}

const CACHE: Record<string, RegExp | null> = {
  '-': null,
  year: /^public, max-age=31536000, immutable$/,
  weak: /^public, max-age=60, /,
  short: /^public, max-age=300, /,
  'no-store': /^no-store$/,
  check: /^public, max-age=0, must-revalidate$/,
};
const ETAG: Record<string, RegExp | null> = { '-': null, strong: /^"[^"]+"$/, weak: /^W\/"[^"]+"$/ };
const CORS: Record<string, RegExp | null> = { '-': null, '*': /^\*$/, own: /^https:\/\/page\.example$/ };
const CORP: Record<string, RegExp> = { any: /^cross-origin$/, self: /^same-origin$/ };
const CSP: Record<string, RegExp | null> = {
  '-': null,
  none: /^default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
  app: /^default-src 'none'; script-src 'self'; style-src 'self'; .*frame-ancestors 'none'/,
  worker: /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self';/,
  sw: /^default-src 'none'; connect-src 'self'; base-uri 'none'; form-action 'none'$/,
  text: /^default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'/,
};
const REST: Record<string, [name: string, value: RegExp][]> = {
  timing: [['timing-allow-origin', /^\*$/]],
  id: [['degrain-request-id', /^[0-9a-f-]{36}$/]],
  coop: [
    ['cross-origin-opener-policy', /^same-origin$/],
    ['permissions-policy', /camera=\(\)/],
  ],
  ref: [['referrer-policy', /^(no-referrer|same-origin)$/]],
  www: [['www-authenticate', /^Bearer/]],
  allow: [
    ['access-control-allow-methods', /GET/],
    ['access-control-max-age', /^\d+$/],
  ],
};

function expectHeader(headers: { get(name: string): string | null }, name: string, value: RegExp | null | undefined) {
  const found = headers.get(name);
  if (value === null) expect(found, name).toBeNull();
  else expect(found, name).toMatch(value as RegExp);
}

describe('the table', () => {
  test.each(rows)('$request $path $key: $status', async (row) => {
    const { status, headers } = await send(row);
    expect(status).toBe(Number(row.status));
    expectHeader(headers, 'access-control-allow-origin', CORS[row.cors]);
    expectHeader(headers, 'cross-origin-resource-policy', CORP[row.corp]);
    expectHeader(headers, 'cache-control', CACHE[row.cache]);
    expectHeader(headers, 'etag', ETAG[row.etag]);
    expectHeader(headers, 'content-security-policy', CSP[row.csp]);
    expectHeader(headers, 'x-content-type-options', /^nosniff$/);
    for (const name of Object.keys(REST)) {
      for (const [header, value] of REST[name] ?? [])
        expectHeader(headers, header, row.rest.includes(name) ? value : null);
    }
    expect(headers.get('content-security-policy') ?? '').not.toMatch(/unsafe-(inline|eval)\b(?<!wasm-unsafe-eval)/);
    expect(headers.get('set-cookie')).toBeNull();
  });

  test('no page of another name than these is served', () => {
    const pages = readdirSync(`${root}dist`, { recursive: true }).filter((file) => String(file).endsWith('.html'));
    expect(pages.sort()).toEqual([
      'app/index.html',
      'bench/index.html',
      'docs.html',
      'index.html',
      'lab/index.html',
      'usage/index.html',
    ]);
  });
});

const HOST = 'degrain.account.workers.dev';

test.skipIf(onNode)('over https, and only there, the worker tells browsers to stay on it', async () => {
  const worker = edge.harness.getWorker();
  for (const path of ['/healthz', '/v1/models', '/nope']) {
    const [secure, plain] = await Promise.all([
      worker.fetch(`https://${HOST}${path}`),
      worker.fetch(`http://${HOST}${path}`),
    ]);
    expect(secure.headers.get('strict-transport-security'), path).toBe('max-age=31536000');
    expect(plain.headers.get('strict-transport-security'), path).toBeNull();
  }
});

test.skipIf(onNode)('files of a deployment tell browsers to stay on https, those of localhost do not', async () => {
  for (const path of ['/', '/docs', '/degrain.js', '/openapi.json', pathOf(WEIGHTS.name)]) {
    for (const host of [HOST, 'example.com', 'edge.example.com']) {
      const { headers } = await edge.fetch(`https://${host}${path}`);
      expect(headers.get('strict-transport-security'), host + path).toBe('max-age=31536000');
    }
    const local = await edge.fetch(`http://localhost${path}`);
    expect(local.headers.get('strict-transport-security'), path).toBeNull();
  }
});

test('a page of another origin may read what it needs', async () => {
  const { headers } = await edge.fetch('/v1/models', { headers: { origin: 'https://page.example' } });
  const exposed = headers.get('access-control-expose-headers');
  for (const name of ['Degrain-Request-Id', 'ETag', 'Content-Range', 'Retry-After', 'Server-Timing']) {
    expect(exposed).toContain(name);
  }
});
