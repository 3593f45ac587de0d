import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import type { Caller } from '../usage/caller.ts';

/** Response headers that pages of other origins may read. */
export const EXPOSED = [
  'Degrain-Model',
  'Degrain-Sigma',
  'Degrain-Megapixels',
  'Degrain-Request-Id',
  'Content-Length',
  'Content-Range',
  'ETag',
  'Link',
  'Retry-After',
  'Server-Timing',
];

/** Any page may ask, none with cookies: there are none. Errors carry these headers too, so that pages can read them. */
const open = cors({
  origin: '*',
  allowMethods: ['GET', 'HEAD', 'POST'],
  allowHeaders: ['Authorization', 'Content-Type'],
  exposeHeaders: EXPOSED,
  maxAge: 24 * 3600,
});

/** What a key decided on, only pages that its site allows may read. Preflights come without the key: any may ask. */
export const openToPages: MiddlewareHandler<{ Variables: { caller?: Caller } }> = async (c, next) => {
  const preflight = await open(c, next);
  const { caller } = c.var;
  if (!caller) return preflight;
  const { headers } = c.res;
  headers.append('Vary', 'Origin');
  if (caller.origin === null || caller.readable === undefined) return;
  if (caller.readable) headers.set('Access-Control-Allow-Origin', caller.origin);
  else headers.delete('Access-Control-Allow-Origin');
};

/** For servers alone. */
export const closedToPages: MiddlewareHandler = async (c, next) => {
  await next();
  c.res.headers.delete('Access-Control-Allow-Origin');
};

/** Seconds. */
const year = 365 * 24 * 3600;

export const HSTS = { 'Strict-Transport-Security': `max-age=${year}` };

/** On all that the worker answers. Nothing of it is a page: whoever opens it as one gets no script, style or frame. */
const ALWAYS: Record<string, string> = {
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'Content-Security-Policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
};

export const baseHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  const secure = new URL(c.req.url).protocol === 'https:';
  for (const [name, value] of Object.entries({ ...ALWAYS, ...(secure && HSTS) })) c.res.headers.set(name, value);
};

/** On published files, whoever serves them: the bytes behind an address never change, and pages of any origin load
 * them, cross-origin isolated ones (COEP) too. */
export const FILE_HEADERS: Record<string, string> = {
  'Cache-Control': `public, max-age=${year}, immutable`,
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'Content-Length, Content-Range, ETag',
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'Timing-Allow-Origin': '*',
  'X-Content-Type-Options': 'nosniff',
};

/** What a 304 keeps. Hono's own list lacks the CORS headers, without which a page cannot read its own cache. */
export const RETAINED_304 = [
  'Access-Control-Allow-Origin',
  'Access-Control-Expose-Headers',
  'Cache-Control',
  'Content-Location',
  'Date',
  'ETag',
  'Expires',
  'Link',
  'Vary',
];
