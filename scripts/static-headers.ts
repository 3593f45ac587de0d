import { FILE_HEADERS, HSTS } from '../worker/http/headers.ts';

/** Seconds. */
const minute = 60;

type Headers = Record<string, string>;

/** Sources by directive, as in the header; an empty list is 'none'. */
function policy(directives: Record<string, readonly string[]>): Headers {
  const parts = Object.entries({ 'default-src': [], ...directives, 'base-uri': [], 'form-action': [] });
  const text = parts.map(([name, sources]) => `${name} ${sources.length > 0 ? sources.join(' ') : "'none'"}`);
  return { 'Content-Security-Policy': text.join('; ') };
}

const NO_DEVICES = ['camera', 'display-capture', 'geolocation', 'microphone', 'payment', 'usb'];

/** On every page of ours. */
const page: Headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': NO_DEVICES.map((device) => `${device}=()`).join(', '),
  // not `no-referrer`: with it a form or beacon of the page would say that it comes from nowhere
  'Referrer-Policy': 'same-origin',
};

const SELF = ["'self'"];
const FRAMED_BY_NOBODY = { 'frame-ancestors': [] };

/**
 * Pages with scripts. The photo before denoising is a blob: address, the divider's handle a data: one in the style sheet.
 * What runs WebAssembly is a worker, and has a policy of its own.
 */
const appPolicy = policy({
  'script-src': SELF,
  'style-src': SELF,
  'img-src': [...SELF, 'blob:', 'data:'],
  'connect-src': SELF,
  'worker-src': SELF,
  'manifest-src': SELF,
  ...FRAMED_BY_NOBODY,
});

/** Pages without: they only show. */
const textPolicy = policy({ 'style-src': SELF, 'img-src': SELF, ...FRAMED_BY_NOBODY });

/**
 * Governs the page's own worker, which starts from a file of these. A worker on somebody else's page starts from a blob:
 * of that page and has that page's policy instead.
 */
const workerPolicy = policy({ 'script-src': [...SELF, "'wasm-unsafe-eval'"], 'connect-src': SELF });

/** Of the app's service worker, which fetches files of ours and runs nothing but itself. */
const serviceWorkerPolicy = policy({ 'connect-src': SELF });

/** The name stays and the bytes behind it change with each release. */
const shortLived = { 'Cache-Control': `public, max-age=${5 * minute}, stale-while-revalidate=${60 * minute}` };

/** Pages of any origin may load the file, cross-origin isolated ones (COEP) too. */
const embeddable = { 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' };

/**
 * Headers of the files that are served without running the worker, by path. A path that two patterns match gets the
 * headers of both, and a header twice where both have it: so no header stands in two patterns that overlap.
 */
const FILES: Record<string, Headers> = {
  '/models/*': FILE_HEADERS,
  // endings that no server knows
  '/models/*.q8': { 'Content-Type': 'application/octet-stream' },
  '/models/*.f32': { 'Content-Type': 'application/octet-stream' },
  '/assets/*': { ...FILE_HEADERS, ...workerPolicy },
  '/degrain.js': { ...shortLived, ...embeddable, 'X-Content-Type-Options': 'nosniff' },
  '/example.jpg': { ...shortLived, ...embeddable, 'X-Content-Type-Options': 'nosniff' },
  '/widget.js': { ...shortLived, ...embeddable, 'X-Content-Type-Options': 'nosniff' },
  // asked for each time, as all without a rule: browsers look at every visit whether there is a new version
  '/sw.js': {
    ...serviceWorkerPolicy,
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
  },
  '/app/manifest.webmanifest': { 'Cross-Origin-Resource-Policy': 'same-origin', 'X-Content-Type-Options': 'nosniff' },
  '/app/icon-*': { 'Cross-Origin-Resource-Policy': 'same-origin', 'X-Content-Type-Options': 'nosniff' },
  '/openapi.json': { ...shortLived, ...embeddable, 'X-Content-Type-Options': 'nosniff' },
};

/** Hosts of two to four labels: `localhost` is none of them. Over http, browsers ignore the header. */
const HOSTS: Record<string, Headers> = {
  'https://:a.:b/*': HSTS,
  'https://:a.:b.:c/*': HSTS,
  'https://:a.:b.:c.:d/*': HSTS,
};

export interface Page {
  readonly path: string;
  readonly html: string;
}

/** Cloudflare's `_headers` file, for these files and for the pages. */
export function headersFile(pages: readonly Page[]): string {
  const ofPages = pages.map(({ path, html }): [string, Headers] => [
    path,
    { ...page, ...(html.includes('<script') ? appPolicy : textPolicy), 'X-Content-Type-Options': 'nosniff' },
  ]);
  return [...Object.entries(FILES), ...ofPages, ...Object.entries(HOSTS)]
    .map(([path, headers]) => [path, ...Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`)])
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}
