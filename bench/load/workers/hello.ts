import { Hono } from 'hono';

export default new Hono().get('/v1/hello', (c) => c.text('hello'));
