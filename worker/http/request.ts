import { createMiddleware } from 'hono/factory';
import type { Env } from '../env.ts';
import type { Caller } from '../usage/caller.ts';
import type { Problem } from './problem.ts';

/** What a request gathers on its way, for the answer and for the log. */
export interface RequestState {
  /** UUID, lower case. */
  requestId: string;
  /** Missing where no key was asked for. */
  caller?: Caller;
  /** What was answered instead, if the request failed. */
  problem?: Problem;
  /** The answer is for servers alone. */
  closedToPages?: true;
}

export type RequestEnv = { Bindings: Env; Variables: RequestState };

export const REQUEST_ID = 'Degrain-Request-Id';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Names the request in the answer, in problems and in the log. A caller's own `X-Request-Id` is taken where it is a
 * UUID: any other text could be a key or a name, which have no place in a log.
 */
export const nameRequest = createMiddleware<RequestEnv>(async (c, next) => {
  const asked = c.req.header('x-request-id');
  const requestId = asked && UUID.test(asked) ? asked.toLowerCase() : crypto.randomUUID();
  c.set('requestId', requestId);
  await next();
  c.res.headers.set(REQUEST_ID, requestId);
});

/** Scheme, host and port that a request came to. A request's address is normalised: there is no need to parse it. */
export const originOf = (url: string) => url.slice(0, url.indexOf('/', 'https://'.length));
