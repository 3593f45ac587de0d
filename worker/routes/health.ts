import { Hono } from 'hono';
import manifest from '../../package.json' with { type: 'json' };
import type { Env } from '../env.ts';

export const health = new Hono<{ Bindings: Env }>().get('/', (c) =>
  c.json({ status: 'ok' as const, version: manifest.version }),
);
