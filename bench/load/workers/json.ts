import { Hono } from 'hono';
import { inputsOf, makePlan } from '../../../worker/routes/plans.ts';

const plan = makePlan('https://edge.example', inputsOf({ model: 'fast', width: 1200, height: 800 }));

/** Reads what a plan's request brings and answers with as much as a plan, and does nothing in between. */
export default new Hono().post('/v1/plans', async (c) => {
  const { width, height } = await c.req.json<{ width: number; height: number }>();
  return c.json({ ...plan, width, height });
});
