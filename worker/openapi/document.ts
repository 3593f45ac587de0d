import manifest from '../../package.json' with { type: 'json' };
import { Problem } from '../answers/problem.ts';
import { PROBLEMS, type ProblemCode } from '../http/problem.ts';
import { HEADERS, type HeaderName } from './headers.ts';
import { type Access, type Answer, type Content, contentsOf, type Operation } from './operation.ts';
import { OPERATIONS } from './operations/index.ts';
import { PROBLEM_HEADERS, problemExamples, problemsOf } from './problems.ts';
import { type JsonSchema, namedSchemas, nameOf, schemaOf } from './schemas.ts';

// The API's description, OpenAPI 3.1, from the schemas that validate. The build writes it to dist/openapi.json; the
// worker does not carry it.

const SECURITY: Record<Access, readonly Record<string, readonly string[]>[]> = {
  anyone: [],
  'page or server': [{ pageKey: [] }, { secretKey: [] }],
  server: [{ secretKey: [] }],
  admin: [{ adminToken: [] }],
};

const SECURITY_SCHEMES = {
  pageKey: {
    type: 'apiKey',
    in: 'query',
    name: 'key',
    description: "A page's public key, `pk_…`: in the address, so that browsers need no preflight",
  },
  secretKey: {
    type: 'http',
    scheme: 'bearer',
    description: "A server's secret key, `sk_…`. Never in an address: logs keep those",
  },
  adminToken: { type: 'http', scheme: 'bearer', description: "The operator's token, `ADMIN_TOKEN`" },
};

const TAGS: Record<Operation['tag'], string> = {
  models: 'What there is to run, and its files',
  plans: 'Files to load and tiles to cut, for one image on one device',
  denoise: 'Small images, denoised at the edge',
  usage: 'What a site has used',
  sites: 'Sites and their keys, for the operator',
  service: 'The edge itself',
};

export function openApiDocument() {
  const used = new Set(OPERATIONS.map(({ tag }) => tag));
  return {
    openapi: '3.1.1',
    info: {
      title: 'degrain',
      version: manifest.version,
      description: `${manifest.description}. Errors are problem+json (RFC 9457); the last part of \`type\` is a code that never changes.`,
      license: { name: manifest.license, identifier: manifest.license },
    },
    servers: [{ url: '/', description: 'The edge that serves this document' }],
    tags: Object.entries(TAGS)
      .filter(([name]) => used.has(name as Operation['tag']))
      .map(([name, description]) => ({ name, description })),
    paths: paths(),
    components: {
      schemas: describedSchemas(),
      examples: problemExamples(),
      headers: Object.fromEntries(
        Object.entries(HEADERS).map(([name, header]) => [name, { ...header, schema: { type: 'string' } }]),
      ),
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}

type PathItem = Record<string, ReturnType<typeof describe>>;

function paths(): Record<string, PathItem> {
  const items: Record<string, PathItem> = {};
  for (const operation of OPERATIONS) {
    const path = operation.route.replace(/:(\w+)/g, '{$1}');
    items[path] = { ...items[path], [operation.method]: describe(operation) };
  }
  return items;
}

function describe(operation: Operation) {
  const { id, tag, summary, description, access, body, answers, problems } = operation;
  const parameters = [...pathParameters(operation), ...queryParameters(operation)];
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description && { description }),
    security: SECURITY[access],
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true, content: contentOf(body) } }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, responseOf(operation, answer)])),
      ...problemResponses(problemsOf(access, problems ?? [])),
    },
  };
}

function pathParameters({ path = {} }: Operation) {
  return Object.entries(path).map(([name, { description, example, pattern }]) => ({
    name,
    in: 'path',
    required: true,
    description,
    schema: { type: 'string', ...(pattern && { pattern }) },
    example,
  }));
}

function queryParameters({ query, notes = {} }: Operation) {
  if (!query) return [];
  const { properties = {} } = schemaOf(query) as { properties?: Record<string, JsonSchema> };
  // what has a default or is a transform with one is not required, whatever the schema of the whole says
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', ...notes[name], schema }));
}

function contentOf(content: Content | readonly Content[]) {
  return Object.fromEntries(
    contentsOf(content).map(({ type, schema, example }) => [
      type,
      { ...(schema && { schema: schemaOf(schema) }), ...(example !== undefined && { example }) },
    ]),
  );
}

/** Those of bodies with what the operations say of their fields. */
function describedSchemas(): Record<string, JsonSchema> {
  const schemas = namedSchemas();
  for (const { body, notes = {} } of OPERATIONS) {
    const [first] = contentsOf(body);
    const name = first?.schema && nameOf(first.schema);
    const properties = name && (schemas[name]?.properties as Record<string, JsonSchema> | undefined);
    if (!properties) continue;
    for (const [field, { description }] of Object.entries(notes))
      properties[field] = { description, ...properties[field] };
  }
  return schemas;
}

function responseOf({ servedBy = 'worker' }: Operation, { description, content, headers = [] }: Answer) {
  return {
    description,
    headers: headersOf(servedBy === 'worker' ? ['Degrain-Request-Id', ...headers] : headers),
    ...(content && { content: contentOf(content) }),
  };
}

const headersOf = (names: readonly HeaderName[]) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** One response per status; several codes share one. */
function problemResponses(codes: readonly ProblemCode[]) {
  const statuses = [...new Set(codes.map((code) => PROBLEMS[code].status))];
  return Object.fromEntries(
    statuses.map((status) => {
      const of = codes.filter((code) => PROBLEMS[code].status === status);
      const answer = {
        description: of.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('. '),
        headers: headersOf(['Degrain-Request-Id', ...(PROBLEM_HEADERS[status] ?? [])]),
        content: {
          'application/problem+json': {
            schema: schemaOf(Problem),
            examples: Object.fromEntries(of.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
          },
        },
      };
      return [status, answer];
    }),
  );
}
