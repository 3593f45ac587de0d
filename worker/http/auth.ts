import type { MiddlewareHandler } from 'hono';
import type { Env } from '../env.ts';
import { Problem } from './problem.ts';

/** A page's key is public and travels in the address; a server's is secret and never does. */
export type KeyKind = 'page' | 'server';

/** Who asks: the site that usage is counted for, and with which of its keys. */
export interface Caller {
  readonly site: string;
  readonly kind: KeyKind;
}

/** What a key may be good for. */
const MAY = {
  plan: ['page', 'server'],
  denoise: ['page', 'server'],
  'report-usage': ['page', 'server'],
  'read-usage': ['server'],
} as const satisfies Record<string, readonly KeyKind[]>;

export type Action = keyof typeof MAY;

const PREFIX: Record<KeyKind, string> = { page: 'pk_', server: 'sk_' };

/** The site that `npm start` and the tests use. */
const LOCAL: readonly { key: string; caller: Caller }[] = [
  { key: 'pk_local', caller: { site: 'local', kind: 'page' } },
  { key: 'sk_local', caller: { site: 'local', kind: 'server' } },
];

type CallerEnv = { Bindings: Env; Variables: { caller: Caller } };

/** Lets a request through whose key is good for the action; `c.var.caller` says whose it is. */
export function mayDo(action: Action): MiddlewareHandler<CallerEnv> {
  return async (c, next) => {
    const key = presentedKey(c.req.raw);
    const caller = key && (await findCaller(key, c.env));
    if (!caller) throw unauthorized(key ? 'a key that is not known here' : 'no key');
    if (!(MAY[action] as readonly KeyKind[]).includes(caller.kind)) throw unauthorized("a page's key", true);
    c.set('caller', caller);
    await next();
  };
}

/** From `?key=pk_…` or `Authorization: Bearer sk_…`; a key in the other's place counts as compromised or mistaken. */
function presentedKey(request: Request): string | undefined {
  const inAddress = new URL(request.url).searchParams.get('key');
  if (inAddress?.startsWith(PREFIX.server)) throw unauthorized('a secret key in the address, where logs keep it');
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  if (bearer?.startsWith(PREFIX.page)) throw unauthorized("a page's key in the Authorization header");
  return bearer ?? inAddress ?? undefined;
}

async function findCaller(key: string, env: Env): Promise<Caller | undefined> {
  let found: Caller | undefined;
  if (env.LOCAL_KEYS !== '1') return found;
  const presented = await digest(key);
  // all are compared, and all bytes of each: the time says nothing of how much was right
  for (const { key: known, caller } of LOCAL) if (equal(presented, await digest(known))) found = caller;
  return found;
}

async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number);
  return difference === 0;
}

function unauthorized(received: string, secretOnly = false): Problem {
  const secret = 'a secret key (Authorization: Bearer sk_…)';
  return new Problem('unauthorized', {
    expected: secretOnly ? secret : `a site key (?key=pk_…) or ${secret}`,
    received,
    remedy: secretOnly ? 'Ask from a server, with the secret key.' : 'Use the keys of your site.',
  });
}
