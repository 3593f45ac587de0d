import { type Context, Hono } from 'hono';
import * as z from 'zod/mini';
import type { Env } from '../env.ts';
import { adminOnly } from '../http/auth.ts';
import { closedToPages } from '../http/headers.ts';
import { DEFAULT_OVERLAP_HOURS, MAX_ORIGINS, MAX_OVERLAP_HOURS } from '../http/limits.ts';
import { Problem } from '../http/problem.ts';
import { jsonBody } from '../http/validate.ts';
import { d1Database } from '../usage/database.ts';
import { KEY_KINDS, type KeyInfo, newKey, newSiteId, SITE_ID } from '../usage/keys.ts';
import type { SiteState } from '../usage/ledger.ts';
import { normaliseOrigin } from '../usage/origins.ts';
import { Reports } from '../usage/reports.ts';
import type { SiteSettings } from '../usage/settings.ts';
import { unavailable } from '../usage/unavailable.ts';

const HOUR = 3600 * 1000;

const LONGEST_NAME = 80;
const nameRule = `a text of 1 to ${LONGEST_NAME} characters, without control characters`;
const name = z.pipe(
  z.pipe(
    z.string(nameRule),
    z.transform((text) => text.normalize('NFC').trim()),
  ),
  z.string().check(z.refine((text) => isName(text), nameRule)),
);
/** None that breaks lines or turns around what stands beside it. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;
const isName = (text: string) => text !== '' && [...text].length <= LONGEST_NAME && !UNPRINTABLE.test(text);

const originRuleText = 'an origin as https://a.example or https://*.example.com, without a path';
const origin = z.pipe(
  z.pipe(
    z.string(originRuleText).check(z.maxLength(300, originRuleText)),
    z.transform((text) => normaliseOrigin(text)),
  ),
  z.string(originRuleText),
);
const originsRule = `a list of at most ${MAX_ORIGINS} origins`;
const origins = z.pipe(
  z.array(origin, originsRule).check(z.maxLength(MAX_ORIGINS, originsRule)),
  z.transform((list) => [...new Set(list)]),
);

/** `null`: without limit. */
const limit = (most: number) => {
  const expected = `a number from 0 to ${most}, or null for no limit`;
  return z.nullable(z.number(expected).check(z.gte(0, expected), z.lte(most, expected)));
};
const wholeLimit = (most: number, least: number) => {
  const expected = `a whole number from ${least} to ${most}, or null for no limit`;
  return z.nullable(z.int(expected).check(z.gte(least, expected), z.lte(most, expected)));
};

const DEFAULT_REQUESTS_PER_MINUTE = 600;

export const NewSite = z.object(
  {
    name,
    origins: z._default(origins, []),
    monthlyMegapixels: z._default(limit(1e12), null),
    monthlyDenoises: z._default(wholeLimit(1e12, 0), null),
    requestsPerMinute: z._default(wholeLimit(1e6, 1), DEFAULT_REQUESTS_PER_MINUTE),
  },
  'a JSON object',
);

/** What is left out stays as it is. */
export const SiteChanges = z.strictObject(
  {
    name: z.exactOptional(name),
    origins: z.exactOptional(origins),
    monthlyMegapixels: z.exactOptional(limit(1e12)),
    monthlyDenoises: z.exactOptional(wholeLimit(1e12, 0)),
    requestsPerMinute: z.exactOptional(wholeLimit(1e6, 1)),
  },
  'a JSON object with fields of a site only',
);

const hours = `a number from 0 to ${MAX_OVERLAP_HOURS}`;
export const Rotation = z.object(
  {
    kind: z.enum(KEY_KINDS, `one of ${KEY_KINDS.join(', ')}`),
    overlapHours: z._default(
      z.number(hours).check(z.gte(0, hours), z.lte(MAX_OVERLAP_HOURS, hours)),
      DEFAULT_OVERLAP_HOURS,
    ),
  },
  'a JSON object',
);

type Ctx = Context<{ Bindings: Env }>;

export const sites = new Hono<{ Bindings: Env }>()
  .use(closedToPages, adminOnly)
  .get('/', async (c) => {
    const list = await ask(() => reportsOf(c).sites());
    const sites = list.map(({ createdAt, ...site }) => ({ ...site, createdAt: time(createdAt) }));
    return c.json({ sites }, 200, NO_STORE);
  })
  .post('/', jsonBody(NewSite), async (c) => {
    const settings: SiteSettings = c.req.valid('json');
    const id = newSiteId();
    const keys = await Promise.all(KEY_KINDS.map((kind) => newKey(id, kind)));
    // The list first: what is listed and was not made can be seen and deleted, the other way round it could not.
    const state = await ask(async () => {
      await reportsOf(c).listSite({ id, name: settings.name, createdAt: Date.now() });
      return siteOf(c, id).create(
        id,
        settings,
        keys.map(({ stored }) => stored),
      );
    });
    const [page, secret] = keys.map(({ text }) => text);
    return c.json({ ...shown(state as SiteState), pageKey: page, secretKey: secret }, 201, {
      ...NO_STORE,
      Location: `/v1/sites/${id}`,
    });
  })
  .get('/:id', async (c) => {
    const id = siteId(c);
    return c.json(shown((await ask(() => siteOf(c, id).state())) ?? missing(id)), 200, NO_STORE);
  })
  .patch('/:id', jsonBody(SiteChanges), async (c) => {
    const id = siteId(c);
    const state = (await ask(() => siteOf(c, id).change(c.req.valid('json')))) ?? missing(id);
    const { name, createdAt } = state;
    await ask(() => reportsOf(c).listSite({ id, name, createdAt }));
    return c.json(shown(state), 200, NO_STORE);
  })
  .delete('/:id', async (c) => {
    const id = siteId(c);
    const [removed, listed] = await ask(async () => {
      const removed = await siteOf(c, id).remove();
      const listed = (await reportsOf(c).sites()).some((site) => site.id === id);
      await reportsOf(c).forgetSite(id);
      return [removed, listed];
    });
    if (!removed && !listed) missing(id);
    return c.body(null, 204, NO_STORE);
  })
  .post('/:id/keys', jsonBody(Rotation), async (c) => {
    const id = siteId(c);
    const { kind, overlapHours } = c.req.valid('json');
    const key = await newKey(id, kind);
    if (!(await ask(() => siteOf(c, id).rotate(key.stored, overlapHours * HOUR)))) missing(id);
    return c.json({ id: key.stored.id, kind, key: key.text }, 201, NO_STORE);
  })
  .delete('/:id/keys/:key', async (c) => {
    const id = siteId(c);
    const key = c.req.param('key');
    if (!(await ask(() => siteOf(c, id).revoke(key)))) missing(`${id}, key ${key.slice(0, 40)}`);
    return c.body(null, 204, NO_STORE);
  });

const NO_STORE = { 'Cache-Control': 'no-store' };
const reportsOf = (c: Ctx) => new Reports(d1Database(c.env.REPORTS));
const siteOf = (c: Ctx, id: string) => c.env.SITES.getByName(id);
const time = (at: number) => new Date(at).toISOString();

function siteId(c: { req: { param(name: 'id'): string } }): string {
  const id = c.req.param('id');
  return SITE_ID.test(id) ? id : missing(id.slice(0, 80));
}

function shown({ createdAt, keys, ...state }: SiteState) {
  const key = ({ createdAt, goodUntil, ...rest }: KeyInfo) => ({
    ...rest,
    createdAt: time(createdAt),
    goodUntil: goodUntil === null ? null : time(goodUntil),
  });
  return { ...state, createdAt: time(createdAt), keys: keys.map(key) };
}

function missing(received: string): never {
  throw new Problem('not-found', { expected: 'a site of this edge', received, remedy: 'GET /v1/sites lists all.' });
}

/** Ledger and list are elsewhere, and may be away. */
async function ask<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (cause) {
    throw unavailable(cause);
  }
}
