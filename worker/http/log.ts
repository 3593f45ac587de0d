import { createMiddleware } from 'hono/factory';
import { matchedRoutes } from 'hono/route';
import { PROBLEMS, type ProblemCode } from './problem.ts';
import type { RequestEnv } from './request.ts';

/** The version of what follows: a field that changes its meaning gets a new number. */
const LOG_FORMAT = 1;

/** One line of JSON per request. Nothing in it came from the caller but the method and a UUID. */
export interface RequestLine {
  readonly format: typeof LOG_FORMAT;
  /** UUID; the answer's `Degrain-Request-Id`. */
  readonly requestId: string;
  readonly method: string;
  /** The route's pattern, such as `/v1/models/:id`, never the path; null where none matched. */
  readonly route: string | null;
  readonly status: number;
  /** ms. Where degrain is deployed, computing counts as 0: only waiting shows. */
  readonly ms: number;
  /** The site's id, where a key named one. */
  readonly site?: string;
  /** The code of the problem that was answered. */
  readonly problem?: ProblemCode;
  /** Stack and causes, for faults of the edge (5xx) alone. */
  readonly error?: string;
}

/** Logs every request, the refused ones too. No address, query, key, user agent or byte of a body gets here. */
export const logRequests = createMiddleware<RequestEnv>(async (c, next) => {
  const started = performance.now();
  await next();
  const { requestId, caller, problem } = c.var;
  const faulty = problem !== undefined && PROBLEMS[problem.code].status >= 500;
  const line: RequestLine = {
    format: LOG_FORMAT,
    requestId,
    method: c.req.method,
    // middleware matches every path, under the method ALL
    route: matchedRoutes(c).findLast(({ method }) => method !== 'ALL')?.path ?? null,
    status: c.res.status,
    ms: Math.round(performance.now() - started),
    ...(caller && { site: caller.site }),
    ...(problem && { problem: problem.code }),
    ...(faulty && { error: describeError(problem) }),
  };
  console[faulty ? 'error' : 'log'](JSON.stringify(line));
});

/** A fault that the caller does not see, because something else stood in. */
export function logFault(requestId: string, what: string, cause: unknown): void {
  console.warn(JSON.stringify({ format: LOG_FORMAT, requestId, fault: what, error: describeError(cause) }));
}

/** Causes of causes that are written out. */
const MAX_DEPTH = 4;

function describeError(error: unknown): string {
  const parts: string[] = [];
  let at = error;
  for (let depth = 0; at !== undefined && depth < MAX_DEPTH; depth++) {
    parts.push(at instanceof Error ? (at.stack ?? String(at)) : String(at));
    at = at instanceof Error ? at.cause : undefined;
  }
  return redact(parts.join('\ncaused by: '));
}

/** Messages of others quote addresses now and then: keys and queries come out of them. */
export function redact(text: string): string {
  return text
    .replace(/\b([ps]k)_[\w-]+/gi, '$1_…')
    .replace(/\b(Bearer) +[^\s'"]+/gi, '$1 …')
    .replace(/\?[^\s'")]+/g, '?…');
}
