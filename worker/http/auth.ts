import type { HonoRequest, MiddlewareHandler } from 'hono';
import type { Env } from '../env.ts';
import { Caller } from '../usage/caller.ts';
import { equalInConstantTime, hashKey, type KeyKind, kindOf, readKey } from '../usage/keys.ts';
import { unauthorized } from '../usage/refusals.ts';
import { LOCAL_SITE } from '../usage/settings.ts';
import { Problem } from './problem.ts';

/** What a key may be good for. */
const MAY = {
  plan: ['page', 'secret'],
  denoise: ['page', 'secret'],
  'report-usage': ['page', 'secret'],
  'read-usage': ['secret'],
} as const satisfies Record<string, readonly KeyKind[]>;

export type Action = keyof typeof MAY;

export type CallerEnv = { Bindings: Env; Variables: { caller: Caller } };

/**
 * Lets a request through that has a key of the right kind; `c.var.caller` says of which site, and asks its ledger. That
 * decides together with what there is to record, in one hop. Where the request fails before, the ledger is asked
 * afterwards: with a wrong key nobody learns what else was wrong.
 */
export function mayDo(action: Action): MiddlewareHandler<CallerEnv> {
  return async (c, next) => {
    const caller = await callerOf(c.req, c.env, MAY[action]);
    c.set('caller', caller);
    await next();
    if (c.error) await caller.authorise();
  };
}

async function callerOf(request: HonoRequest, env: Env, kinds: readonly KeyKind[]): Promise<Caller> {
  const key = presentedKey(request);
  if (!key) throw unauthorized('no key');
  const found = localKey(key, env) ?? readKey(key);
  if (!found) throw unauthorized('a key that is not known here');
  const { site, kind } = found;
  if (!kinds.includes(kind)) throw unauthorized("a page's key", true);
  const hash = hashes.get(key) ?? (await rememberHash(key));
  return new Caller(env, site, { kind, hash, origin: request.header('origin') ?? null });
}

/** From `?key=pk_…` or `Authorization: Bearer sk_…`; a key in the other's place counts as compromised or mistaken. */
function presentedKey(request: HonoRequest): string | undefined {
  const inAddress = request.query('key');
  if (inAddress && kindOf(inAddress) === 'secret') {
    throw unauthorized('a secret key in the address, where logs keep it');
  }
  const bearer = bearerOf(request.raw);
  if (bearer && kindOf(bearer) === 'page') throw unauthorized("a page's key in the Authorization header");
  return bearer ?? inAddress;
}

export const bearerOf = (request: Request): string | undefined =>
  /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];

/** The keys that everybody knows are good where they are switched on. */
function localKey(key: string, env: Env): { kind: KeyKind; site: string } | undefined {
  if (env.LOCAL_KEYS !== '1' || (key !== 'pk_local' && key !== 'sk_local')) return undefined;
  return { site: LOCAL_SITE, kind: key === 'pk_local' ? 'page' : 'secret' };
}

/** Hashes of the keys that this isolate saw, so that most requests need not wait for one. */
const hashes = new Map<string, string>();
const MOST_HASHES = 1024;

async function rememberHash(key: string): Promise<string> {
  const hash = await hashKey(key);
  if (hashes.size >= MOST_HASHES) hashes.clear();
  hashes.set(key, hash);
  return hash;
}

/** Lets the edge's owner through. Without an ADMIN_TOKEN there is no owner, and nothing at these addresses. */
export const adminOnly: MiddlewareHandler<{ Bindings: Env }> = async (c, next) => {
  const token = c.env.ADMIN_TOKEN;
  if (!token) return c.notFound();
  const presented = bearerOf(c.req.raw);
  const right = presented !== undefined && equalInConstantTime(await hashKey(presented), await hashKey(token));
  if (!right) {
    throw new Problem('unauthorized', {
      expected: "the admin's token (Authorization: Bearer …)",
      received: presented ? 'another token' : 'no token',
      remedy: 'Use the ADMIN_TOKEN of this edge.',
    });
  }
  await next();
};
