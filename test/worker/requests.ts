import { expect } from 'vitest';
import type { Edge } from './harness.ts';

/** Headers of a server that has the local site's secret key. */
export const secret = { authorization: 'Bearer sk_local' };

type Answer = Pick<Awaited<ReturnType<Edge['fetch']>>, 'status' | 'json'> & { headers: Pick<Headers, 'get'> };

/** What every problem carries, and that this is the one. Returns the body. */
export async function expectProblem(response: Answer, status: number, code: string) {
  const body = (await response.json()) as Record<string, unknown>;
  expect(body, JSON.stringify(body)).toMatchObject({ type: `/problems/${code}`, status });
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  // without it a page of another origin could not even read what went wrong
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  for (const member of ['title', 'detail', 'expected', 'received']) expect(body[member], member).toMatch(/./);
  return body;
}

export function postJson(edge: Edge, path: string, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return edge.fetch(path, { method: 'POST', body: text, headers });
}

/** POST /v1/denoise with the secret key. */
export function post(
  edge: Edge,
  file: Uint8Array<ArrayBuffer>,
  { query = '', type = 'image/png', accept }: { query?: string; type?: string; accept?: string | undefined } = {},
) {
  return edge.fetch(`/v1/denoise${query}`, {
    method: 'POST',
    body: file,
    headers: { ...secret, 'content-type': type, ...(accept && { accept }) },
  });
}

export const postPng = (edge: Edge, file: Uint8Array<ArrayBuffer>, query = '', type = 'image/png') =>
  post(edge, file, { query, type });
