import { afterAll, beforeAll, expect, test } from 'vitest';
import { app } from '../../worker/app.ts';
import { type Edge, startEdge } from './harness.ts';
import { secret } from './requests.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());

const MEBIBYTE = 2 ** 20;
/** Bytes that no route takes, and more than is read and thrown away: 64 MiB by the Node server, as fast as they come. */
const ENDLESS = 256 * MEBIBYTE;

const takesBody = ({ method }: { method: string }) => ['POST', 'PUT', 'PATCH'].includes(method);
const routes = [...new Set(app.routes.filter(takesBody).map(({ method, path }) => `${method} ${path}`))];

test('there are routes to try', () => {
  expect(routes).toContain('POST /v1/plans');
});

test.each(routes)('%s stops reading a body that does not end', async (route) => {
  const [method, pattern] = route.split(' ') as [string, string];
  const piece = new Uint8Array(MEBIBYTE).fill(32);
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (sent >= ENDLESS) return controller.close();
      controller.enqueue(piece);
      sent += piece.length;
    },
  });
  const headers = { ...secret, 'content-type': 'image/png' };
  const path = pattern.replaceAll(/:\w+/g, 'x');
  edge.clearLogs();
  // the local proxy turns the answer to a sender that is cut off into an error of its own; the log has the answer
  await edge.fetch(path, { method, body: body as never, duplex: 'half', headers }).catch(() => 'cut off');
  const [line] = edge.logs().map((line) => JSON.parse(line) as { route: string; status: number });
  expect(line?.route).toBe(pattern);
  expect(line?.status).toBeGreaterThanOrEqual(400);
  expect(line?.status).toBeLessThan(500);
  expect(sent).toBeLessThan(ENDLESS);
  expect((await edge.fetch('/healthz')).status).toBe(200);
});
