/** What the edge says of a request that it refuses. */
export class Refused extends Error {
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}

export interface Question {
  readonly from: string;
  readonly to: string;
  readonly by: string;
  readonly format: 'json' | 'csv';
}

/**
 * GET /v1/usage. The key goes into a header: addresses end up in logs and histories. Not with the library's `ask`: what
 * page and library shared would be a chunk of its own, one more round trip for whoever embeds the library.
 *
 * @throws Refused
 */
export async function fetchUsage(key: string, question: Question): Promise<Response> {
  const address = new URL('/v1/usage', location.origin);
  for (const [name, value] of Object.entries(question)) address.searchParams.set(name, value);
  const response = await fetch(address, { headers: { Authorization: `Bearer ${key}` } }).catch((cause: unknown) => {
    throw new Refused(String(cause), 'Check the connection, and try again.');
  });
  if (response.ok) return response;
  const problem = (await response.json().catch(() => ({}))) as Partial<Record<'received' | 'title' | 'detail', string>>;
  const title = problem.title ?? `The edge answered ${response.status}`;
  throw new Refused(`${title}: ${problem.received ?? 'no more is known'}`, problem.detail ?? 'Try again later.');
}
