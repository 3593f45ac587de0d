import { DegrainError, type ErrorCode } from '../../models/errors.ts';

/** An edge, and its owner's token. */
export interface Admin {
  readonly endpoint: string;
  readonly token: string;
}

/**
 * A request to /v1/sites. The token stands in no message.
 *
 * @throws DegrainError with the edge's own words for what it refuses, `network` where there is none.
 */
export async function askAdmin<Reply>({ endpoint, token }: Admin, method: string, path: string, body?: object) {
  const address = new URL(`v1/sites${path}`, endpoint.endsWith('/') ? endpoint : `${endpoint}/`);
  const headers = { authorization: `Bearer ${token}` };
  const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
  const response = await fetch(address, init).catch((cause: Error) => {
    const parts = {
      expected: `an edge at ${address.origin}`,
      received: String((cause.cause as Error | undefined)?.message ?? cause.message),
      remedy: 'Check --endpoint; npm start runs one.',
    };
    throw new DegrainError('network', parts);
  });
  if (response.status === 204) return undefined as Reply;
  const reply = (await response.json().catch(() => ({}))) as Record<string, string>;
  if (response.ok) return reply as Reply;
  const missing = response.status === 404 && path === '';
  throw new DegrainError((reply.type?.split('/').at(-1) ?? 'network') as ErrorCode, {
    expected: missing ? 'an edge with an ADMIN_TOKEN' : (reply.expected ?? 'an answer of degrain'),
    received: missing ? 'one without' : (reply.received ?? `status ${response.status}`),
    remedy: missing ? 'Set one: wrangler secret put ADMIN_TOKEN.' : (reply.detail ?? 'Check --endpoint.'),
  });
}
