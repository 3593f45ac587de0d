import { readFile, writeFile } from 'node:fs/promises';
import { compile, type JSONSchema } from 'json-schema-to-typescript';
import { root } from '../root.ts';

const file = `${root}client/edge/api.ts`;

const banner = `// Generated from the API's description by \`npm run api\`; a test fails where it is out of date.`;

interface Described {
  components: { schemas: Record<string, unknown> };
}

/** The API's schemas as TypeScript: what the client sends and reads. */
export async function clientTypes({ components }: Described): Promise<string> {
  // json-schema-to-typescript knows definitions of one schema, not components of an API
  const local = JSON.stringify(components.schemas).replaceAll('"#/components/schemas/', '"#/definitions/');
  const definitions = JSON.parse(local) as Record<string, JSONSchema>;
  const names = Object.keys(definitions);
  const schema: JSONSchema = {
    title: 'Schemas',
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, { $ref: `#/definitions/${name}` }])),
    required: names,
    definitions,
  };
  return compile(schema, 'Schemas', {
    bannerComment: banner,
    // fields that we add later are no error at a client's
    additionalProperties: false,
    style: { singleQuote: true, printWidth: 120 },
  });
}

export const storedClientTypes = (): Promise<string> => readFile(file, 'utf8');

export const storeClientTypes = (text: string): Promise<void> => writeFile(file, text);
