import type { MiddlewareHandler } from 'hono';
import * as z from 'zod/mini';
import { readBody } from './body.ts';
import { MAX_JSON_BYTES } from './limits.ts';
import { Problem } from './problem.ts';

/** A whole number in a range. The message says what is expected; `parse` puts the field's name before it. */
export const whole = (least: number, most: number) => {
  const expected = `a whole number from ${least} to ${most}`;
  return z.int(expected).check(z.gte(least, expected), z.lte(most, expected));
};

export const uuid = z.pipe(
  z.uuid('a UUID'),
  z.transform((id: string) => id.toLowerCase()),
);

/** @throws Problem `bad-request` that names the first field that is wrong. */
export function parse<Schema extends z.core.$ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0] as z.core.$ZodIssue;
  const received = issue.path.reduce<unknown>((part, key) => (part as Record<PropertyKey, unknown>)?.[key], value);
  throw new Problem('bad-request', {
    expected: issue.path.length > 0 ? `${issue.path.join('.')} to be ${issue.message}` : issue.message,
    received: describe(received),
    remedy: 'Correct the request; docs/api.md lists every field.',
  });
}

const LONGEST_QUOTE = 80;

/** What came, short enough to be read and never more than that. */
function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  return JSON.stringify(value).slice(0, LONGEST_QUOTE);
}

/**
 * The body as JSON, whatever its Content-Type: a page that sends text/plain needs no preflight, and sendBeacon knows
 * nothing else. `c.req.valid('json')` has the result.
 */
export function jsonBody<Schema extends z.core.$ZodType>(
  schema: Schema,
): MiddlewareHandler<
  // biome-ignore lint/suspicious/noExplicitAny: any environment; the handler keeps its own
  any,
  string,
  { in: { json: z.input<Schema> }; out: { json: z.output<Schema> } }
> {
  return async (c, next) => {
    const { bytes, complete } = await readBody(c.req.raw, MAX_JSON_BYTES);
    if (!complete) {
      throw new Problem('bad-request', {
        expected: `a body of at most ${MAX_JSON_BYTES} bytes`,
        received: 'more',
        remedy: 'Send only the fields that docs/api.md lists.',
      });
    }
    c.req.addValidatedData('json', parse(schema, parseJson(bytes)) as object);
    await next();
  };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch (cause) {
    const received = bytes.length === 0 ? 'an empty body' : 'something else';
    throw new Problem(
      'bad-request',
      { expected: 'a JSON body', received, remedy: 'Send an object as JSON, in UTF-8.' },
      cause,
    );
  }
}

/** Parameters of the address as the schema has them: strings, each given once. */
export function query<Schema extends z.core.$ZodType>(request: Request, schema: Schema): z.output<Schema> {
  const parameters = new URL(request.url).searchParams;
  for (const name of parameters.keys()) {
    const values = parameters.getAll(name);
    if (values.length === 1) continue;
    const received = `${values.length} times`;
    throw new Problem('bad-request', { expected: `${name} once`, received, remedy: 'Give each parameter once.' });
  }
  return parse(schema, Object.fromEntries(parameters));
}
