import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Somebody's page, on an origin of its own. */
export interface ForeignSite {
  readonly url: string;
  close(): void;
}

/** The strictest policy under which the element works: nothing but the edge, and the picture's blob: address. */
export const strictPolicy = (edge: URL) =>
  [
    "default-src 'none'",
    `script-src ${edge.origin} 'wasm-unsafe-eval'`,
    `connect-src ${edge.origin}`,
    `img-src blob: ${edge.origin}`,
  ].join('; ');

export async function startForeignSite(html: string, headers: Record<string, string> = {}): Promise<ForeignSite> {
  const server = createServer((_, response) => {
    for (const [name, value] of Object.entries({ 'Content-Type': 'text/html', ...headers })) {
      response.setHeader(name, value);
    }
    response.end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close(),
  };
}
