import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';

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

/** Any page may call, none with cookies: there are none. Errors carry these headers too, so that pages can read them. */
export const openToPages: MiddlewareHandler = cors({
  origin: '*',
  allowMethods: ['GET', 'HEAD', 'POST'],
  allowHeaders: ['Authorization', 'Content-Type'],
  exposeHeaders: EXPOSED,
  maxAge: 24 * 3600,
});

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
