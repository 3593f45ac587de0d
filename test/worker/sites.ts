import { expect } from 'vitest';
import type { Edge } from './harness.ts';

/** For `secrets` of startEdge. */
export const ADMIN_TOKEN = 'only-for-tests';

export interface NewSite {
  id: string;
  pageKey: string;
  secretKey: string;
  keys: { id: string; kind: 'page' | 'secret'; shown: string; goodUntil: string | null }[];
}

/** A request to /v1/sites with the admin's token. */
export function askAdmin(edge: Edge, method: string, path = '', body?: unknown) {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
  return edge.fetch(`/v1/sites${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
}

export async function createSite(edge: Edge, settings: object = {}): Promise<NewSite> {
  const response = await askAdmin(edge, 'POST', '', { name: 'test', requestsPerMinute: null, ...settings });
  const site = (await response.json()) as NewSite;
  expect(response.status, JSON.stringify(site)).toBe(201);
  return site;
}
