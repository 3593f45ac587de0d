import { Hono } from 'hono';
import type { Env } from '../env.ts';
import { PROBLEMS, Problem, type ProblemCode } from '../http/problem.ts';

/** What the `type` of a problem points to. */
export const problems = new Hono<{ Bindings: Env }>().get('/:code', (c) => {
  const code = c.req.param('code');
  if (Object.hasOwn(PROBLEMS, code)) return c.json({ code, ...PROBLEMS[code as ProblemCode] });
  throw new Problem('not-found', {
    expected: `one of the codes ${Object.keys(PROBLEMS).join(', ')}`,
    received: code.slice(0, 80),
    remedy: 'Take the last part of the `type` that you were sent.',
  });
});
