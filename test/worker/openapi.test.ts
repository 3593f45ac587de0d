import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { clientTypes, storedClientTypes } from '../../scripts/api/types.ts';
import { Problem } from '../../worker/answers/problem.ts';
import { app } from '../../worker/app.ts';
import { PROBLEMS } from '../../worker/http/problem.ts';
import { openApiDocument } from '../../worker/openapi/document.ts';
import { type Access, contentsOf, type Operation } from '../../worker/openapi/operation.ts';
import { OPERATIONS } from '../../worker/openapi/operations/index.ts';
import { plainPng } from '../hostile/png.ts';
import { type Edge, startEdge } from './harness.ts';
import { secret } from './requests.ts';

const api = openApiDocument();

const TOKEN = 'the-token-of-the-operator';

const HEADERS_OF: Record<Access, Record<string, string>> = {
  anyone: {},
  'page or server': secret,
  server: secret,
  admin: { authorization: `Bearer ${TOKEN}` },
};

describe('the document', () => {
  test('is OpenAPI 3.1', async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone(api) as never)).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  test('has every route of the app, and no other', () => {
    const routes = app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`);
    const described = OPERATIONS.map(({ method, route }) => `${method.toUpperCase()} ${route}`);
    expect(described.toSorted()).toEqual([...new Set(routes)].sort());
  });

  test('has every problem code, with an example and in some answer', () => {
    expect(Object.keys(api.components.examples).sort()).toEqual(Object.keys(PROBLEMS).sort());
    const responses = JSON.stringify(api.paths);
    for (const code of Object.keys(PROBLEMS)) expect(responses, code).toContain(`#/components/examples/${code}"`);
  });

  test('names every operation once', () => {
    const ids = OPERATIONS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("says what may be sent, as the routes' own schemas have it", () => {
    const { width } = (api.components.schemas.PlanRequest?.properties ?? {}) as Record<string, unknown>;
    expect(width).toEqual({ type: 'integer', minimum: 1, maximum: 65535, description: expect.any(String) });
  });
});

describe('the examples', () => {
  // `strict` refuses what OpenAPI adds beside the schemas
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  ajv.addSchema({ ...api, $id: 'api' });

  /** Compiles the schema at a place of the document. */
  const check = (pointer: string, value: unknown) => {
    const validate = ajv.compile({ $ref: `api#${pointer}` });
    expect(validate(value), JSON.stringify(validate.errors)).toBe(true);
  };
  const token = (part: string) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));

  const found: [string, string, unknown][] = [];
  /** Every `example` that stands beside a `schema`. */
  const collect = (node: unknown, pointer: string) => {
    if (typeof node !== 'object' || node === null) return;
    const { schema, example } = node as { schema?: unknown; example?: unknown };
    if (schema && example !== undefined) found.push([pointer, `${pointer}/schema`, example]);
    for (const [key, value] of Object.entries(node)) {
      if (key !== 'example' && key !== 'schema') collect(value, `${pointer}/${token(key)}`);
    }
  };
  collect(api.paths, '/paths');
  for (const [code, { value }] of Object.entries(api.components.examples)) {
    found.push([`problem ${code}`, '/components/schemas/Problem', value]);
  }

  test.each(found)('%s', (_, schema, example) => check(schema, example));

  test('stand with every body, answer and parameter that has a schema', () => {
    const without: string[] = [];
    const visit = (node: unknown, pointer: string) => {
      if (typeof node !== 'object' || node === null) return;
      if ('schema' in node && !('example' in node) && !('examples' in node)) without.push(pointer);
      for (const [key, value] of Object.entries(node)) if (key !== 'schema') visit(value, `${pointer}/${key}`);
    };
    visit(api.paths, '');
    expect(without).toEqual([]);
  });
});

test("the client's types are those of the document: `npm run api` after a change", async () => {
  expect(await storedClientTypes()).toBe(await clientTypes(api));
});

describe('the edge answers as described', () => {
  let edge: Edge;
  beforeAll(async () => {
    edge = await startEdge({ secrets: { ADMIN_TOKEN: TOKEN } });
  });
  afterAll(() => edge.close());

  const bodies: Record<string, Uint8Array<ArrayBuffer>> = { 'image/png': plainPng(8, 8) };

  /** What an earlier answer named: instead of the example's, which is nobody's. */
  const named: Record<string, string> = {};

  /** The request that the document shows as an example. */
  function send({ method, route, path = {}, query, notes, body, access }: Operation) {
    const filling = (name: string, example: string) => (access === 'admin' && named[name]) || example;
    const filled = Object.entries(path).reduce(
      (text, [name, { example }]) => text.replace(`:${name}`, filling(name, example)),
      route,
    );
    const parameters = Object.entries(notes ?? {}).filter(([name, { example }]) => query && example && name);
    const address = `${filled}?${new URLSearchParams(parameters.map(([name, note]) => [name, note.example as string]))}`;
    const [first] = contentsOf(body);
    const sent = first && (first.example ? JSON.stringify(first.example) : bodies[first.type]);
    return edge.fetch(address, {
      method: method.toUpperCase(),
      headers: { ...HEADERS_OF[access], ...(first && { 'content-type': first.type }) },
      ...(sent && { body: sent }),
    });
  }

  // in this order: a plan must be there before it is reported, a site before it is read
  test.each(OPERATIONS.map((operation) => [operation.id, operation] as const))('%s', async (_, operation) => {
    const response = await send(operation);
    const answer = operation.answers[response.status];
    if (!answer) throw new Error(`${response.status} is not described: ${await response.text()}`);
    const { headers = [] } = answer;
    const [content] = contentsOf(answer.content);
    if (content) expect(response.headers.get('content-type')).toContain(content.type);
    const optional = ['Accept-Ranges'];
    const promised = operation.servedBy === 'assets' ? headers : [...headers, 'Degrain-Request-Id'];
    for (const name of promised.filter((name) => !optional.includes(name))) {
      expect(response.headers.get(name), name).toBeTruthy();
    }
    if (!content?.schema) return void (await response.arrayBuffer());
    const body = await response.json();
    z.parse(content.schema, body);
    const { id } = body as { id?: string };
    if (operation.id === 'createSite' && id) named.id = id;
    if (operation.id === 'rotateKey' && id) named.key = id;
  });

  test.each(
    OPERATIONS.filter(({ access }) => access !== 'anyone').map((operation) => [operation.id, operation] as const),
  )('%s without a key', async (_, { method, route }) => {
    const response = await edge.fetch(route, { method: method.toUpperCase() });
    expect(z.parse(Problem, await response.json())).toMatchObject({ type: '/problems/unauthorized' });
  });

  test('an image that is too large is answered with the problem that is described, plan included', async () => {
    const headers = { ...secret, 'content-type': 'image/png' };
    const response = await edge.fetch('/v1/denoise', { method: 'POST', body: plainPng(300, 300), headers });
    expect(z.parse(Problem, await response.json()).plan?.tiles.length).toBeGreaterThan(0);
  });

  test('every engine that the library names can be reported', async () => {
    const plan = await edge.fetch('/v1/plans', {
      method: 'POST',
      headers: secret,
      body: JSON.stringify({ model: 'median', width: 64, height: 48 }),
    });
    const { planId } = (await plan.json()) as { planId: string };
    const body = JSON.stringify({ planId, backend: 'filter', tiles: 1, milliseconds: 1, outcome: 'ok' });
    expect((await edge.fetch('/v1/usage', { method: 'POST', headers: secret, body })).status).toBe(202);
  });

  test('openapi.json is this document', async () => {
    const response = await edge.fetch('/openapi.json');
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(await response.json()).toEqual(JSON.parse(JSON.stringify(api)));
  });

  test('/docs is a page that shows every route, and runs no script', async () => {
    const response = await edge.fetch('/docs');
    expect(response.headers.get('content-type')).toContain('text/html');
    const page = await response.text();
    for (const { id } of OPERATIONS) expect(page).toContain(`<article id="${id}">`);
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id as string);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
    expect(page).not.toMatch(/<script|<style|\sstyle=|\son[a-z]+=|src=|href="https?:/);
  });
});
