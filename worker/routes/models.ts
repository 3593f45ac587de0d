import { Hono } from 'hono';
import { etag } from 'hono/etag';
import type { ModelCard } from '../../models/card.ts';
import { listCards } from '../../models/catalog.ts';
import { runsAtEdge } from '../../models/limits.ts';
import type { ModelSummary } from '../answers/catalogue.ts';
import type { Made } from '../answers/described.ts';
import type { Env } from '../env.ts';
import { RETAINED_304 } from '../http/headers.ts';
import { cardUrl, filesFor, getCard } from '../published.ts';

/** A new version shows within a minute; an old answer is good for an hour while a new one is fetched. */
const CACHE = 'public, max-age=60, stale-while-revalidate=3600';

/** A card in short, and where to find the rest. */
export function summary(origin: string, card: ModelCard): Made<typeof ModelSummary> {
  const { id, version, title, description, family, task, license, experimental, sigma } = card;
  const network = card.family === 'filter' ? undefined : card;
  const files = { f16: filesFor(origin, card, 'f16'), q8: filesFor(origin, card, 'q8') };
  const links = { card: cardUrl(origin, card) };
  return {
    ...{ id, version, title, description, family, task, license, sigma },
    ...(experimental !== undefined && { experimental }),
    ...(network && { parameters: network.parameters, gmacsPerMegapixel: network.gmacsPerMegapixel }),
    ...(network?.size && { size: network.size }),
    edge: runsAtEdge(card),
    files,
    links,
  };
}

/** `rel=canonical` is the address of this very version. The body stays the card, as the exporter wrote it. */
const linksOf = (origin: string, card: ModelCard) =>
  `<${cardUrl(origin, card)}>; rel="canonical", <${origin}/v1/models>; rel="collection"`;

export const models = new Hono<{ Bindings: Env }>()
  .use(etag({ weak: true, retainedHeaders: RETAINED_304 }))
  .get('/', (c) => {
    const { origin } = new URL(c.req.url);
    const list = listCards().map((card) => summary(origin, card));
    return c.json({ models: list }, 200, { 'Cache-Control': CACHE });
  })
  .get('/:id', (c) => {
    const card = getCard(c.req.param('id'));
    return c.json(card, 200, { 'Cache-Control': CACHE, Link: linksOf(new URL(c.req.url).origin, card) });
  })
  .get('/:id/:version', (c) => {
    const card = getCard(c.req.param('id'), c.req.param('version'));
    return c.json(card, 200, { 'Cache-Control': CACHE, Link: linksOf(new URL(c.req.url).origin, card) });
  });
