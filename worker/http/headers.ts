import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import type { Caller } from '../usage/caller.ts';

/** Response headers that pages of other origins may read. */
export const EXPOSED = [
  'Degrain-Model',
  'Degrain-Sigma',
  'Degrain-Megapixels',
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

/** On all that the worker answers. */
const ALWAYS: Record<string, string> = {
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};

export const baseHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(ALWAYS)) c.res.headers.set(name, value);
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
