import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { type Random, randomOf } from '../../test/fuzz/random.ts';
import { stateFolder } from '../../test/paths.ts';
import { table } from '../table.ts';
import { expected, inParallel, type OwnPlan, send, totals, Wrong } from './account.ts';
import { type Mortal, startTarget, type TargetName } from './targets.ts';

export interface KillOptions {
  readonly target: TargetName;
  readonly seed: number;
  readonly plans: number;
  readonly kills: number;
}

/** Connections that send at the same time. */
const AT_A_TIME = 16;

/** ms: a kill comes up to so long after the plan that it was to follow. */
const LATEST = 50;

/** What a kill met. */
interface Kill {
  readonly acknowledged: number;
  /** Sent, and never answered. */
  readonly unanswered: number;
  /** Of those, how many the ledger had written all the same. */
  readonly written: number;
  /** Acknowledged plans that the ledger did not have any more. */
  readonly lost: number;
}

/**
 * Sends plans with ids of its own, kills the edge in the middle of it, starts it again on the same storage, and goes on
 * with those that were not answered, under the same ids; in the end each must have been counted, once.
 */
export async function killAndCount({ target, seed, plans: count, kills }: KillOptions) {
  const random = randomOf(seed, 0);
  const plans = Array.from({ length: count }, (_, i) => newPlan(random, i));
  const storage = `${stateFolder}load/storage-killed-${target}`;
  await rm(storage, { recursive: true, force: true });
  const rows: Kill[] = [];
  let edge = await startTarget(target, storage);
  try {
    for (let kill = 1; kill <= kills; kill++) {
      const waiting = plans.filter(({ answer }) => !answer);
      // of those that wait, an equal part between two kills, give or take a half of it
      const part = waiting.length / (kills - kill + 2);
      const after = Math.max(1, Math.round(part * (0.5 + random.below(1000) / 1000)));
      const unanswered = await sendUntilKilled(edge, waiting, after, random.below(LATEST));
      const acknowledged = plans.filter(({ answer }) => answer);
      edge = await startTarget(target, storage);
      rows.push({ acknowledged: acknowledged.length, unanswered, ...(await lookFor(acknowledged, edge.url)) });
      process.stderr.write(`\rkill ${kill} of ${kills}`);
    }
    process.stderr.write('\n');
    const { url } = edge;
    await inParallel(
      plans.filter(({ answer }) => !answer),
      AT_A_TIME,
      (plan) => send(url, plan),
    );
    const counted = await totals(url);
    const faults = rows.flatMap(({ lost }, i) => (lost === 0 ? [] : [`${lost} plans were lost by kill ${i + 1}`]));
    const right = expected(plans);
    if (!isDeepStrictEqual(counted, right)) {
      faults.push(`the ledger has ${JSON.stringify(counted)} where ${JSON.stringify(right)} was acknowledged`);
    }
    return { text: describe(rows, { target, seed, plans: count, kills }, counted.plans), faults };
  } finally {
    await edge.kill();
    await rm(storage, { recursive: true, force: true });
  }
}

/** No two are of one size: a sum that is right is right for each. */
function newPlan(random: Random, index: number): OwnPlan {
  const hex = Buffer.from(random.bytes(16)).toString('hex');
  const planId = hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');
  return { request: { planId, model: 'fast', width: 64 + index, height: 64 + random.below(1000) } };
}

/** Returns how many were on their way when the edge died. */
async function sendUntilKilled(edge: Mortal, plans: readonly OwnPlan[], after: number, late: number): Promise<number> {
  let answered = 0;
  let unanswered = 0;
  let killed: Promise<void> | undefined;
  const kill = async () => {
    await sleep(late);
    await edge.kill();
  };
  await inParallel(plans, AT_A_TIME, async (plan) => {
    if (unanswered > 0) return;
    try {
      await send(edge.url, plan);
      if (++answered === after) killed = kill();
    } catch (failure) {
      if (failure instanceof Wrong) throw failure;
      unanswered++;
    }
  });
  await killed;
  return unanswered;
}

/**
 * Whether the ledger has all of the acknowledged plans, by nothing but the API: they are sent again, and those that it
 * does not know count anew, so that the totals move.
 */
async function lookFor(acknowledged: readonly OwnPlan[], url: URL): Promise<{ written: number; lost: number }> {
  const before = await totals(url);
  await inParallel(acknowledged, AT_A_TIME, (plan) => send(url, plan));
  const lost = (await totals(url)).plans - before.plans;
  return { lost, written: before.plans - (acknowledged.length - lost) };
}

function describe(rows: readonly Kill[], { target, seed, plans, kills }: KillOptions, counted: number): string {
  const head = ['kill', 'acknowledged until then', 'unanswered', 'of those, written', 'lost'];
  const cells = rows.map(({ acknowledged, unanswered, written, lost }, i) => [
    ...[i + 1, acknowledged, unanswered, written, lost],
  ]);
  return `${table(head, cells)}

${plans} plans over ${AT_A_TIME} connections, ${kills} times SIGKILL to all processes of the edge (${target}), seed ${seed}. In the
end the ledger has ${counted} plans.`;
}
