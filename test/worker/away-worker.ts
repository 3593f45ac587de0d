import type { Env } from '../../worker/env.ts';
import edge, { SiteLedger } from '../../worker/index.ts';
import type { ReplayMessage } from '../../worker/usage/replay.ts';

/**
 * The edge with switches, for away.test.ts: `POST /test/ledger/off` binds SITES to objects that fail, `/test/answers/off`
 * to objects that do not answer, `/test/queue/off` REPLAY to a queue that takes nothing, as `/on` undoes. `/test/send` puts a message into the queue, `/test/dead` shows
 * what came to its dead letters. No part of the product.
 */
export { SiteLedger };

export class BrokenLedger extends SiteLedger {
  constructor(...given: ConstructorParameters<typeof SiteLedger>) {
    super(...given);
    throw new Error('the object is away');
  }
}

export class SilentLedger extends SiteLedger {
  override async plan(): Promise<never> {
    await new Promise((resolve) => setTimeout(resolve, 60_000));
    throw new Error('nobody has waited for this');
  }
}

interface TestEnv extends Env {
  BROKEN: Env['SITES'];
  SILENT: Env['SITES'];
}

const off = new Set<string>();
const dead: unknown[] = [];

const refusing = { send: () => Promise.reject(new Error('the queue is away')) } as unknown as Env['REPLAY'];

export default {
  async fetch(request: Request, env: TestEnv, context: Parameters<typeof edge.fetch>[2]): Promise<Response> {
    const [, test, what, how] = new URL(request.url).pathname.split('/');
    if (test !== 'test') {
      const SITES = off.has('ledger') ? env.BROKEN : off.has('answers') ? env.SILENT : env.SITES;
      return edge.fetch(request, { ...env, SITES, REPLAY: off.has('queue') ? refusing : env.REPLAY }, context);
    }
    if (what === 'dead') return Response.json(dead);
    if (what === 'send') await env.REPLAY.send((await request.json()) as ReplayMessage);
    else if (how === 'off') off.add(what as string);
    else off.delete(what as string);
    return new Response('done');
  },
  async queue(batch: Parameters<typeof edge.queue>[0], env: TestEnv): Promise<void> {
    if (batch.queue.endsWith('-dead')) for (const { body } of batch.messages) dead.push(body);
    else await edge.queue(batch, off.has('ledger') ? { ...env, SITES: env.BROKEN } : env);
  },
};
