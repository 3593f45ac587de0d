import { Hono } from 'hono';
import type { Env } from './env.ts';
import { baseHeaders, openToPages } from './http/headers.ts';
import { Problem, problemResponse, toProblem } from './http/problem.ts';
import { denoise } from './routes/denoise.ts';
import { health } from './routes/health.ts';
import { models } from './routes/models.ts';
import { plans } from './routes/plans.ts';
import { problems } from './routes/problems.ts';
import { sites } from './routes/sites.ts';
import { usage } from './routes/usage.ts';

export const app = new Hono<{ Bindings: Env }>()
  .use(baseHeaders)
  .use(openToPages)
  .route('/healthz', health)
  .route('/problems', problems)
  .route('/v1/models', models)
  .route('/v1/plans', plans)
  .route('/v1/denoise', denoise)
  .route('/v1/usage', usage)
  .route('/v1/sites', sites);

app.onError((error) => {
  const problem = toProblem(error);
  if (problem.code === 'internal') console.error(problem.cause);
  return problemResponse(problem);
});

app.notFound((c) => {
  const parts = {
    expected: 'a method and path that docs/api.md lists',
    received: `${c.req.method} ${c.req.path}`.slice(0, 200),
    remedy: 'Check the address and the method.',
  };
  return problemResponse(new Problem('not-found', parts));
});

/** For typed clients: `hc<App>`. */
export type App = typeof app;
