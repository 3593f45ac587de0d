import { Hono } from 'hono';
import { baseHeaders, openToPages } from './http/headers.ts';
import { logRequests } from './http/log.ts';
import { Problem, problemResponse, toProblem } from './http/problem.ts';
import { nameRequest, type RequestEnv } from './http/request.ts';
import { denoise } from './routes/denoise.ts';
import { files } from './routes/files.ts';
import { health } from './routes/health.ts';
import { models } from './routes/models.ts';
import { plans } from './routes/plans.ts';
import { problems } from './routes/problems.ts';
import { sites } from './routes/sites.ts';
import { usage } from './routes/usage.ts';

export const app = new Hono<RequestEnv>()
  .use(nameRequest)
  .use(logRequests)
  .use(baseHeaders)
  .use(openToPages)
  .route('/healthz', health)
  .route('/problems', problems)
  .route('/models', files)
  .route('/v1/models', models)
  .route('/v1/plans', plans)
  .route('/v1/denoise', denoise)
  .route('/v1/usage', usage)
  .route('/v1/sites', sites);

app.onError((error, c) => {
  const problem = toProblem(error);
  c.set('problem', problem);
  return problemResponse(problem, c.var.requestId);
});

app.notFound((c) => {
  const parts = {
    expected: 'a method and path that docs/api.md lists',
    received: `${c.req.method} ${c.req.path}`.slice(0, 200),
    remedy: 'Check the address and the method.',
  };
  const problem = new Problem('not-found', parts);
  c.set('problem', problem);
  return problemResponse(problem, c.var.requestId);
});

/** For typed clients: `hc<App>`. */
export type App = typeof app;
