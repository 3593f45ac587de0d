import { Hono } from 'hono';
import { version } from '../../package.json';
import type { Env } from '../env.ts';

export const health = new Hono<{ Bindings: Env }>().get('/', (c) => c.json({ status: 'ok' as const, version }));
