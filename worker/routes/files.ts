import { type Context, Hono } from 'hono';
import type { CardFile } from '../../models/card.ts';
import { FILE_HEADERS } from '../http/headers.ts';
import { logFault } from '../http/log.ts';
import { Problem } from '../http/problem.ts';
import { isUnchanged, requestedRange } from '../http/ranges.ts';
import type { RequestEnv } from '../http/request.ts';
import { assetPath, fileType, getCard, nameOf } from '../published.ts';

/**
 * Weights and graphs. As long as they are static assets the worker sees only what is missing among them; with a bucket
 * bound as MODELS, and /models/* in wrangler.toml's `run_worker_first`, they come from there, and in parts on request.
 */
export const files = new Hono<RequestEnv>().get('/:id/:version/:name', async (c) => {
  const { id, version, name } = c.req.param();
  const card = getCard(id, version);
  const file = (card.family === 'filter' ? [] : card.files).find((file) => file.name === name);
  if (!file && name !== CARD) throw notPublished(`a file of ${nameOf(card)}`, 'a name that its card does not list');
  const asked = c.req.query('sha256');
  if (asked !== undefined && !isHashOf(file, asked)) {
    throw notPublished(`the hash of ${name} of ${nameOf(card)}`, 'another sha256');
  }
  const bucket = c.env.MODELS;
  return (file && bucket && (await fromBucket(c, bucket, assetPath(card, file), file))) || (await fromAssets(c));
});

/** The card lies beside the files that it lists. */
const CARD = 'card.json';

/** Hex digits: fewer would not tell files apart. */
const MIN_HASH_DIGITS = 16;

const isHashOf = (file: CardFile | undefined, digits: string) =>
  digits.length >= MIN_HASH_DIGITS && file?.sha256.startsWith(digits.toLowerCase()) === true;

/** Also what a range is compared with: the hash in the card names these bytes and no others. */
const etagOf = (file: CardFile) => `"${file.sha256}"`;

/** Undefined where the bucket lacks the file or cannot be asked: the assets of the same deployment have it. */
async function fromBucket(
  c: Context<RequestEnv>,
  bucket: R2Bucket,
  path: string,
  file: CardFile,
): Promise<Response | undefined> {
  const { headers, method } = c.req.raw;
  const etag = etagOf(file);
  const common = { ...FILE_HEADERS, ETag: etag, 'Accept-Ranges': 'bytes' };
  if (isUnchanged(headers, etag)) return c.body(null, 304, common);
  const whole = { ...common, 'Content-Type': fileType(file.name) };
  const key = path.slice(1);
  if (method === 'HEAD') {
    const there = await ask(c, key, file, () => bucket.head(key));
    return there && c.body(null, 200, { ...whole, 'Content-Length': String(file.bytes) });
  }
  const range = requestedRange(headers, etag, file.bytes);
  if (range === 'none') throw noSuchBytes(file);
  const object = await ask(c, key, file, () => bucket.get(key, range && { range }));
  if (!object) return undefined;
  const { body } = object;
  if (!range) return c.body(body, 200, whole);
  const last = range.offset + range.length - 1;
  return c.body(body, 206, { ...whole, 'Content-Range': `bytes ${range.offset}-${last}/${file.bytes}` });
}

async function ask<Answer extends R2Object>(
  c: Context<RequestEnv>,
  key: string,
  file: CardFile,
  question: () => Promise<Answer | null>,
): Promise<Answer | undefined> {
  try {
    const object = await question();
    if (object?.size === file.bytes) return object;
    throw new Error(`${key} has ${object ? `${object.size} bytes` : 'no object'} in the bucket`);
  } catch (cause) {
    logFault(c.var.requestId, 'a file came from the assets instead of the bucket', cause);
    return undefined;
  }
}

async function fromAssets(c: Context<RequestEnv>): Promise<Response> {
  const answer = await c.env.ASSETS.fetch(c.req.raw);
  // answers of other workers cannot be changed, copies can: headers are still to come
  if (answer.status !== 404) return new Response(answer.body, answer);
  throw notPublished('a file of this deployment', 'one that it lacks');
}

function notPublished(expected: string, received: string): Problem {
  return new Problem('not-found', {
    expected,
    received,
    remedy: "Take the addresses from GET /v1/models or from a plan; a model's card lists its files.",
  });
}

function noSuchBytes({ bytes }: CardFile): Problem {
  return new Problem('range-not-satisfiable', {
    expected: `a range within ${bytes} bytes`,
    received: 'one beyond them',
    remedy: 'Ask for less, or without Range for all of it.',
    headers: { 'Content-Range': `bytes */${bytes}` },
  });
}
