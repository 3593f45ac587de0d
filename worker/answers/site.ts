import * as z from 'zod/mini';
import { KEY_KINDS } from '../usage/keys.ts';

const time = z.iso.datetime();
const limit = z.nullable(z.number()).check(z.describe('null: without limit'));

export const SiteKey = z.object({
  id: z.string(),
  kind: z.enum(KEY_KINDS),
  shown: z.string().check(z.describe("a page's key whole, of a secret one the end")),
  createdAt: time,
  goodUntil: z.nullable(time).check(z.describe('null: until it is rotated or revoked')),
});

export const Site = z.object({
  id: z.string(),
  name: z.string(),
  origins: z.array(z.string()),
  monthlyMegapixels: limit,
  monthlyDenoises: limit,
  requestsPerMinute: limit,
  createdAt: time,
  keys: z.array(SiteKey),
  month: z.object({ megapixels: z.number(), denoises: z.int() }).check(z.describe('of the running month, UTC')),
});

const shownOnce = z.string().check(z.describe('shown once'));

export const CreatedSite = z.extend(Site, { pageKey: z.string(), secretKey: shownOnce });

export const SiteList = z.object({ sites: z.array(z.object({ id: z.string(), name: z.string(), createdAt: time })) });

export const CreatedKey = z.object({ id: z.string(), kind: z.enum(KEY_KINDS), key: shownOnce });
