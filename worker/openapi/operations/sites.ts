import { CreatedKey, CreatedSite, Site, SiteList } from '../../answers/site.ts';
import { NewSite, Rotation, SiteChanges } from '../../routes/sites.ts';
import type { Note, Operation, PathParameter } from '../operation.ts';

const SITE = 's4f1c9d27b64e0f9a512c';
const KEY = '9a512c8d6e0b';
const CREATED = '2026-11-20T12:00:00.000Z';

const id: PathParameter = { description: "The site's id", example: SITE, pattern: '^s[0-9a-f]{20}$' };

const settings = {
  name: 'Photos',
  origins: ['https://photos.example', 'https://*.photos.example'],
  monthlyMegapixels: 1000,
  monthlyDenoises: null,
  requestsPerMinute: 600,
};

const site = {
  id: SITE,
  ...settings,
  createdAt: CREATED,
  keys: [{ id: KEY, kind: 'secret', shown: 'sk_…4f17', createdAt: CREATED, goodUntil: null }],
  month: { megapixels: 12.5, denoises: 3 },
};

const notes: Record<string, Note> = {
  name: { description: 'For people' },
  origins: { description: 'Whose pages may use the page key; `*.` stands for any host below' },
  monthlyMegapixels: { description: '1e6 px a calendar month (UTC), planned and denoised; null: no limit' },
  monthlyDenoises: { description: 'Images that the edge denoises in a calendar month; null: no limit' },
  requestsPerMinute: { description: 'Of all that asks with one of its keys; null: no limit' },
};

const common = { tag: 'sites', access: 'admin' } as const;
const json = { type: 'application/json' } as const;

export const sites: readonly Operation[] = [
  {
    ...common,
    method: 'get',
    route: '/v1/sites',
    id: 'listSites',
    summary: 'Lists the sites',
    answers: {
      200: {
        description: 'All sites, oldest first',
        content: {
          ...json,
          schema: SiteList,
          example: { sites: [{ id: SITE, name: settings.name, createdAt: CREATED }] },
        },
      },
    },
  },
  {
    ...common,
    method: 'post',
    route: '/v1/sites',
    id: 'createSite',
    summary: 'Creates a site, with a key of each kind',
    body: { ...json, schema: NewSite, example: settings },
    notes,
    answers: {
      201: {
        description: 'The site and its keys; the secret one is shown this once',
        content: {
          ...json,
          schema: CreatedSite,
          example: { ...site, pageKey: `pk_${SITE}_…`, secretKey: `sk_${SITE}_…` },
        },
        headers: ['Location'],
      },
    },
    problems: ['bad-request'],
  },
  {
    ...common,
    method: 'get',
    route: '/v1/sites/:id',
    id: 'getSite',
    summary: 'A site, its keys and what it used this month',
    path: { id },
    answers: { 200: { description: 'The site', content: { ...json, schema: Site, example: site } } },
  },
  {
    ...common,
    method: 'patch',
    route: '/v1/sites/:id',
    id: 'changeSite',
    summary: "Changes a site's settings",
    description: 'What is left out stays as it is.',
    path: { id },
    body: { ...json, schema: SiteChanges, example: { monthlyMegapixels: 2000 } },
    notes,
    answers: { 200: { description: 'The site as it is now', content: { ...json, schema: Site, example: site } } },
    problems: ['bad-request'],
  },
  {
    ...common,
    method: 'post',
    route: '/v1/sites/:id/keys',
    id: 'rotateKey',
    summary: 'Makes a new key of a kind',
    path: { id },
    body: { ...json, schema: Rotation, example: { kind: 'secret', overlapHours: 24 } },
    notes: {
      kind: { description: 'Of key' },
      overlapHours: { description: 'For so long the old key of this kind stays good' },
    },
    answers: {
      201: {
        description: 'The new key, shown this once',
        content: { ...json, schema: CreatedKey, example: { id: KEY, kind: 'secret', key: `sk_${SITE}_…` } },
      },
    },
    problems: ['bad-request'],
  },
  {
    ...common,
    method: 'delete',
    route: '/v1/sites/:id/keys/:key',
    id: 'revokeKey',
    summary: 'Ends a key at once',
    path: { id, key: { description: "The key's id, not the key", example: KEY } },
    answers: { 204: { description: 'It is good for nothing now' } },
  },
  {
    ...common,
    method: 'delete',
    route: '/v1/sites/:id',
    id: 'deleteSite',
    summary: 'Ends a site, with its keys and its usage',
    path: { id },
    answers: { 204: { description: 'It is gone' } },
  },
];
