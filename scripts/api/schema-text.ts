import { html } from 'hono/html';
import { lastPart, type Schema } from './described.ts';

// What a schema says, in the words of a reference.

type Html = ReturnType<typeof html>;

/** The type in short: `integer, 1 to 65535`, `'q8' | 'f16'`, a link to a schema with a name. */
export function typeText(schema: Schema): Html {
  if (schema.$ref) {
    const name = lastPart(schema.$ref);
    return html`<a href="#schema-${name}">${name}</a>`;
  }
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return joined(choices.map(typeText), ' | ');
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum) {
    const values = schema.enum.map((value) => html`<code>${JSON.stringify(value)}</code>`);
    return joined(values, ' | ');
  }
  if (schema.type === 'array' && schema.items) return html`array of ${typeText(schema.items)}`;
  if (typeof schema.additionalProperties === 'object') return html`map to ${typeText(schema.additionalProperties)}`;
  return html`${[schema.type ?? 'any', schema.format, rangeText(schema)].filter(Boolean).join(', ')}`;
}

/** The bounds of a whole number that mean nothing but "exact in a double". */
const isBound = (value: number | undefined): value is number =>
  value !== undefined && Math.abs(value) !== Number.MAX_SAFE_INTEGER;

function rangeText({ minimum, maximum }: Schema): string {
  if (isBound(minimum) && isBound(maximum)) return `${minimum} to ${maximum}`;
  if (isBound(maximum)) return `at most ${maximum}`;
  return isBound(minimum) ? `at least ${minimum}` : '';
}

function joined(parts: readonly Html[], between: string): Html {
  return html`${parts.map((part, i) => html`${i > 0 ? between : ''}${part}`)}`;
}

/** A row per field; fields of an object inside stand below it, by their path. */
export function fieldRows(schema: Schema, prefix = ''): Html[] {
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).flatMap(([name, field]) => [
    html`<tr>
      <td><code>${prefix}${name}</code>${required.includes(name) ? '' : html` <span class="optional">optional</span>`}</td>
      <td>${typeText(field)}</td>
      <td>${prose(field.description ?? '')}${defaultText(field)}</td>
    </tr>`,
    ...fieldRows(field, `${prefix}${name}.`),
    ...(field.items ? fieldRows(field.items, `${prefix}${name}[].`) : []),
  ]);
}

/** `code` in backticks is the only markup that descriptions have. */
export const prose = (text: string): Html =>
  html`${text.split('`').map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part))}`;

export const defaultText = (schema: Schema) =>
  schema.default === undefined ? '' : html` Default: <code>${JSON.stringify(schema.default)}</code>`;
