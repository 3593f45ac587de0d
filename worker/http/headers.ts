import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import type { Caller } from '../usage/caller.ts';
import type { RequestEnv } from './request.ts';

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

/** Any page may ask, none with cookies: there are none. Preflights come without the key: any may ask. */
const preflight = cors({
  origin: '*',
  allowMethods: ['GET', 'HEAD', 'POST'],
  allowHeaders: ['Authorization', 'Content-Type'],
  exposeHeaders: EXPOSED,
  maxAge: 24 * 3600,
});

const EXPOSED_LIST = EXPOSED.join(',');

/**
 * Errors carry these headers too, so that pages can read them. They are set once the answer is made: what Hono finds set
 * before, it merges by copying the answer, which costs more than all headers.
 */
export const openToPages: MiddlewareHandler<RequestEnv> = async (c, next) => {
  if (c.req.method === 'OPTIONS') return preflight(c, next);
  await next();
  const { headers } = c.res;
  const caller = c.get('caller');
  headers.set('Access-Control-Expose-Headers', EXPOSED_LIST);
  if (caller) headers.append('Vary', 'Origin');
  const origin = c.get('closedToPages') ? undefined : allowedOrigin(caller);
  if (origin) headers.set('Access-Control-Allow-Origin', origin);
};

/** What a key decided on, only pages that its site allows may read. */
function allowedOrigin(caller: Caller | undefined): string | undefined {
  if (!caller || caller.origin === null || caller.readable === undefined) return '*';
  return caller.readable ? caller.origin : undefined;
}

/** For servers alone. */
export const closedToPages: MiddlewareHandler = async (c, next) => {
  c.set('closedToPages', true);
  await next();
};

/** Seconds. */
const year = 365 * 24 * 3600;

export const HSTS: Record<string, string> = { 'Strict-Transport-Security': `max-age=${year}` };

/** On all that the worker answers. Nothing of it is a page: whoever opens it as one gets no script, style or frame. */
const ALWAYS: Record<string, string> = {
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'Content-Security-Policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
};

export const baseHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  const { headers } = c.res;
  for (const name in ALWAYS) headers.set(name, ALWAYS[name] as string);
  if (c.req.url.startsWith('https:')) for (const name in HSTS) headers.set(name, HSTS[name] as string);
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
