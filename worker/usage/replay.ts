import type { Env } from '../env.ts';
import type { UsageEvent } from './event.ts';

/** The version of a message: what is in the queue while a new worker is deployed was written by the old one. */
const FORMAT = 1;

/** What happened while a site's ledger was away. */
export interface ReplayMessage {
  readonly format: typeof FORMAT;
  readonly site: string;
  readonly event: UsageEvent;
}

/** @throws where the queue fails too. */
export async function queueEvent(env: Env, site: string, event: UsageEvent): Promise<void> {
  await env.REPLAY.send({ format: FORMAT, site, event } satisfies ReplayMessage);
}

/**
 * Puts what was queued into its ledgers. Ids make it once, however often a message comes. What fails comes again after
 * a pause, and after `max_retries` goes to the dead letter queue: see wrangler.toml.
 */
export async function replay(batch: MessageBatch<ReplayMessage>, env: Env): Promise<void> {
  await Promise.all(
    batch.messages.map(async (message) => {
      try {
        if (await settle(message.body, env)) message.ack();
        else message.retry();
      } catch (failure) {
        console.error('replay', failure);
        message.retry();
      }
    }),
  );
}

/** False for an outcome whose plan has not come yet: it may be in the queue behind it. */
async function settle({ format, site, event }: ReplayMessage, env: Env): Promise<boolean> {
  if (format !== FORMAT) throw new Error(`Expected a message of format ${FORMAT} but received ${format}`);
  return (await env.SITES.getByName(site).replay(event)) !== 'unknown';
}
