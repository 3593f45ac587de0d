import { html } from 'hono/html';
import { curlOf } from './curl.ts';
import { type Api, type Content, lastPart, type Operation, type Response } from './described.ts';
import { defaultText, fieldRows, prose, typeText } from './schema-text.ts';

// The reference at /docs: one page without a script, so that it needs no policy that allows one.

type Html = ReturnType<typeof html>;

/** Characters of an example that a reader may want to see; the whole of it comes from the edge itself. */
const LONGEST_EXAMPLE = 2400;

export async function referencePage(api: Api, stylesheet: string): Promise<string> {
  const operations = Object.entries(api.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  );
  const groups = api.tags.map((tag) => ({
    ...tag,
    of: operations.filter(({ operation }) => operation.tags[0] === tag.name),
  }));
  const page = await html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>degrain – the HTTP API</title>
  <link rel="stylesheet" href="${stylesheet}">
</head>
<body>
  <nav aria-label="Contents">
    <a class="home" href="/">degrain</a>
    ${groups.map(
      ({ name, of }) => html`<h2><a href="#about-${name}">${name}</a></h2>
      <ul>${of.map(({ path, method, operation }) => html`<li><a href="#${operation.operationId}">${verb(method)} ${breakable(path)}</a></li>`)}</ul>`,
    )}
    <h2><a href="#problems">problems</a></h2>
    <h2><a href="#schemas">schemas</a></h2>
  </nav>
  <main>
    <header>
      <h1>The HTTP API</h1>
      <p>Version ${api.info.version}. <a href="/openapi.json">openapi.json</a> says the same to programs (OpenAPI 3.1).
        Examples use the keys of a local edge: <code>EDGE=http://localhost:8787</code>.</p>
      ${keys(api)}
    </header>
    ${groups.map(
      ({ name, description, of }) => html`<section id="about-${name}">
      <h2>${name}</h2><p>${description}.</p>
      ${of.map(({ path, method, operation }) => article(api, path, method, operation))}
    </section>`,
    )}
    ${problems(api)}
    <section id="schemas"><h2>schemas</h2>${Object.entries(api.components.schemas).map(
      ([name, schema]) => html`
      <article id="schema-${name}"><h3>${name}</h3>
        ${schema.properties ? table(['field', 'is', 'means'], fieldRows(schema)) : html`<p>${typeText(schema)}</p>`}
      </article>`,
    )}
    </section>
  </main>
</body>
</html>
`;
  return String(page);
}

const verb = (method: string) => html`<span class="verb ${method}">${method.toUpperCase()}</span>`;

/** A long path may break after its slashes. */
const breakable = (path: string) => path.split(/(?<=\/)/).map((part) => html`${part}<wbr>`);

const table = (heads: readonly string[], rows: readonly Html[]) => html`<div class="wide"><table>
  <thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;

const json = (value: unknown) => {
  const text = JSON.stringify(value, null, 2);
  return text.length <= LONGEST_EXAMPLE ? text : `${text.slice(0, LONGEST_EXAMPLE)}\n…`;
};

const KEYS: Record<string, string> = {
  pageKey: '?key=pk_…',
  secretKey: 'Bearer sk_…',
  adminToken: 'Bearer ADMIN_TOKEN',
};

function keys(api: Api): Html {
  const rows = Object.entries(api.components.securitySchemes).map(
    ([name, { description }]) => html`<tr><td><code>${KEYS[name]}</code></td><td>${prose(description)}.</td></tr>`,
  );
  return table(['key', 'of'], rows);
}

function article(api: Api, path: string, method: string, operation: Operation): Html {
  const { operationId, summary, description, security, parameters = [], requestBody, responses } = operation;
  const access = security.map((scheme) => KEYS[Object.keys(scheme)[0] as string]);
  return html`<article id="${operationId}">
    <h3><a href="#${operationId}">${verb(method)} <code>${breakable(path)}</code></a></h3>
    <p><strong>${summary}.</strong> ${description ? prose(description) : ''}</p>
    <p class="access">Key: ${access.length > 0 ? access.map((key, i) => html`${i > 0 ? ' or ' : ''}<code>${key}</code>`) : 'none'}</p>
    ${
      parameters.length > 0
        ? table(
            ['parameter', 'is', 'means'],
            parameters.map(
              ({ name, required, schema, description = '' }) => html`<tr>
      <td><code>${name}</code>${required ? '' : html` <span class="optional">optional</span>`}</td>
      <td>${typeText(schema)}</td><td>${prose(description)}.${defaultText(schema)}</td></tr>`,
            ),
          )
        : ''
    }
    ${typesText(requestBody?.content, 'Body: ')}
    <pre><code>${curlOf(method, path, operation)}</code></pre>
    ${Object.entries(responses).map(([status, response]) => answer(api, status, response))}
  </article>`;
}

/** What it may be sent as; the first type is the one with the schema. */
function typesText(content: Content = {}, label = ''): Html | '' {
  const [first, ...others] = Object.entries(content);
  if (!first) return '';
  const [type, { schema }] = first;
  return html`<p>${label}<code>${type}</code>${schema ? html`, ${typeText(schema)}` : ''}${others.map(
    ([other]) => html`, or <code>${other}</code>`,
  )}</p>`;
}

function answer(api: Api, status: string, { description, headers = {}, content = {} }: Response): Html {
  const [body] = Object.values(content);
  const examples = body?.examples
    ? Object.values(body.examples).map(({ $ref }) => api.components.examples[lastPart($ref)]?.value)
    : body?.example === undefined
      ? []
      : [body.example];
  return html`<details>
    <summary><span class="status s${status[0]}">${status}</span> <span>${prose(description)}.</span></summary>
    ${typesText(content)}
    ${table(
      ['header', 'says'],
      Object.keys(headers).map(
        (name) => html`<tr><td><code>${name}</code></td>
      <td>${prose(api.components.headers[name]?.description ?? '')}</td></tr>`,
      ),
    )}
    ${examples.map((example) => html`<pre><code>${json(example)}</code></pre>`)}
  </details>`;
}

function problems(api: Api): Html {
  const rows = Object.entries(api.components.examples).map(
    ([code, { summary, value }]) =>
      html`<tr id="problem-${code}"><td><code>${code}</code></td><td>${value.status}</td><td>${summary}</td></tr>`,
  );
  return html`<section id="problems"><h2>problems</h2>
    <p>Every error is <code>application/problem+json</code>, a <a href="#schema-Problem">Problem</a>. The last part of
      <code>type</code> is a code that never changes; <code>detail</code> says what to do.</p>
    ${table(['code', 'status', 'when'], rows)}</section>`;
}
