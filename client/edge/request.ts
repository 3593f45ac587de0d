import { DegrainError, type ErrorCode } from '../../models/errors.ts';

/** Where the edge is, and who asks. */
export interface Edge {
  /** Ends with a slash. */
  readonly endpoint: string;
  /** Travels in the address: a header would cost a preflight. */
  readonly key: string;
}

/** `path` at the edge, with the key and other parameters. */
export function edgeAddress({ endpoint, key }: Edge, path: string, parameters: Record<string, string> = {}): string {
  const address = new URL(path, endpoint);
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
  if (key) address.searchParams.set('key', key);
  return address.href;
}

/** A fetch whose failures are DegrainErrors: `network` where no answer came, else what the answer says. */
export async function ask(address: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(address, init);
  } catch (cause) {
    init.signal?.throwIfAborted();
    throw unreachable(address, String(cause), cause);
  }
  if (!response.ok) throw await problemOf(response, address);
  return response;
}

export function unreachable(address: string, received: string, cause?: unknown): DegrainError {
  const expected = `an answer from ${new URL(address).origin}`;
  const remedy = 'Check the connection, the endpoint, and whether this page may call it (CORS), and try again.';
  return new DegrainError('network', { expected, received, remedy }, cause);
}

/** Reads problem+json; the last part of its `type` is the code. */
async function problemOf(response: Response, address: string): Promise<DegrainError> {
  const received = `status ${response.status} from ${new URL(address).pathname}`;
  const problem = (await response.json().catch(() => undefined)) as Record<string, unknown> | undefined;
  const text = (name: string) => (typeof problem?.[name] === 'string' ? (problem[name] as string) : undefined);
  const code = text('type')?.split(/[/:#]/).at(-1) as ErrorCode | undefined;
  if (!problem || !code) return unreachable(address, received);
  return new DegrainError(code, {
    expected: text('expected') ?? text('title') ?? 'a request that the edge accepts',
    received: text('received') ?? received,
    remedy: text('detail') ?? 'See the documentation of the endpoint.',
  });
}
