import { afterAll, beforeAll, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { type Edge, startEdge } from './harness.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());

test('GET /healthz says which version runs', async () => {
  const response = await edge.fetch('/healthz');
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: 'ok', version: manifest.version });
});

test('files that other sites load carry their headers', async () => {
  const response = await edge.fetch('/degrain.js');
  expect(response.status).toBe(200);
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
});

test('a path that is no file reaches the worker', async () => {
  const response = await edge.fetch('/no-such-file');
  expect(response.status).toBe(404);
});
