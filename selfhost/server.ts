import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { app } from '../worker/app.ts';
import { Assets } from './assets/assets.ts';
import { openEnvironment } from './environment.ts';
import type { Settings } from './settings.ts';

/** ms that requests get to end when the server stops. */
const GRACE = 10_000;

export interface RunningServer {
  /** With the port that it got. */
  readonly address: string;
  /** Nothing new is taken, what runs ends, then the databases are closed. */
  stop(): Promise<void>;
}

/** Files first, then the app: no file is at an address of its own. `folder`: what `npm run build` made. */
export async function startServer(settings: Settings, folder: string): Promise<RunningServer> {
  const assets = new Assets(folder);
  const { env, close } = await openEnvironment(settings, folder, assets);
  const answer = (request: Request) => assets.answer(request) ?? app.fetch(request, env);
  const server = createAdaptorServer({
    fetch: (request) => {
      // a Request cannot have it, and it would only repeat what came
      if (request.method === 'TRACE') return new Response(null, { status: 405, headers: { Allow: 'GET, HEAD' } });
      return answer(asSeenOutside(request, settings.PUBLIC_ORIGIN));
    },
    overrideGlobalObjects: false,
  }) as Server;
  server.listen(settings.PORT, settings.HOST);
  await once(server, 'listening').catch(async (failure) => {
    await close();
    throw failure;
  });
  const { address, family, port } = server.address() as AddressInfo;
  return {
    address: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      // connections that are kept for a next request end with the one they have
      const idle = setInterval(() => server.closeIdleConnections(), 100);
      const timer = setTimeout(() => server.closeAllConnections(), GRACE);
      await closed;
      clearInterval(idle);
      clearTimeout(timer);
      await close();
    },
  };
}

/**
 * Links in answers begin with the origin of the request. What a proxy or a client says in headers (X-Forwarded-…) is
 * not asked: whoever reaches the server could write there.
 */
function asSeenOutside(request: Request, origin: string | undefined): Request {
  if (origin === undefined) return request;
  const { pathname, search } = new URL(request.url);
  const { method, headers, body } = request;
  return new Request(origin + pathname + search, { method, headers, body, ...(body && { duplex: 'half' as const }) });
}
