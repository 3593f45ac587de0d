import type { Env } from '../env.ts';
import { LEDGER_PATIENCE } from '../http/limits.ts';
import type { Problem } from '../http/problem.ts';
import type { EdgeEvent, OutcomeEvent, PlanEvent, UsageEvent } from './event.ts';
import { Grants } from './grants.ts';
import type { Access, Admission, Answer, OutcomeAnswer, PlanAnswer, Recorded, Refusal } from './ledger.ts';
import { refusalProblem } from './refusals.ts';
import { queueEvent } from './replay.ts';
import type { Group, UsageReport } from './report.ts';
import type { SiteLedger } from './site.ts';
import { unavailable } from './unavailable.ts';

type Stub = DurableObjectStub<SiteLedger>;

/** Of this isolate. */
const grants = new Grants();

/** Plans that this isolate sent to the queue, the latest: their outcomes may come before they are replayed. */
const queuedPlans = new Set<string>();
const MOST_QUEUED = 4096;

/**
 * Who makes a request, and the one hop to the ledger that decides on it. While the ledger fails, whom it let in lately
 * is served on, and what happens goes to the queue; what can go to neither is refused rather than served unrecorded.
 */
export class Caller {
  readonly site: string;
  readonly #access: Access;
  readonly #env: Env;
  /** Whether the ledger was asked about this request. */
  #asked = false;
  /** The place that is held for a denoise. */
  #held: string | undefined;
  /** Whether pages of the asking origin may read the answer; undefined while nobody has said so. */
  readable: boolean | undefined;

  constructor(env: Env, site: string, access: Access) {
    this.#env = env;
    this.site = site;
    this.#access = access;
  }

  get origin(): string | null {
    return this.#access.origin;
  }

  /** For requests that fail before they are anything to record: a wrong key is told first. */
  async authorise(): Promise<void> {
    if (this.#asked) return;
    await this.#ask<'admitted'>(
      async (ledger, access) => await ledger.authorise(access),
      async () => 'admitted',
    );
  }

  /** Counts a plan, once per id. `queued`: it will be counted. */
  plan(event: PlanEvent): Promise<PlanAnswer | 'queued'> {
    return this.#ask<PlanAnswer | 'queued'>(
      async (ledger, access) => await ledger.plan(access, event),
      async () => {
        await this.#queue(event);
        if (queuedPlans.size >= MOST_QUEUED) queuedPlans.clear();
        queuedPlans.add(`${this.site} ${event.id}`);
        return 'queued';
      },
    );
  }

  /** Before a denoise. Ends with `recordEdge` or `release`. */
  async admit(id: string, mostPx: number): Promise<Admission> {
    const admission = await this.#ask<Admission>(
      async (ledger, access) => await ledger.admit(access, id, mostPx),
      async () => 'admitted',
    );
    if (admission === 'held') this.#held = id;
    return admission;
  }

  /** After a denoise that was admitted. */
  async recordEdge(event: EdgeEvent): Promise<Recorded | 'queued'> {
    this.#held = undefined;
    try {
      return await this.#reach(async (ledger) => await ledger.recordEdge(event));
    } catch (cause) {
      console.error('ledger', cause);
      await this.#queue(event);
      return 'queued';
    }
  }

  /** Gives back what a denoise held that failed. */
  async release(): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    // if it fails, the place is free again after a while
    if (held) await this.#reach(async (ledger) => await ledger.release(held)).catch((e) => console.error('ledger', e));
  }

  async outcome(event: OutcomeEvent): Promise<OutcomeAnswer | 'queued'> {
    const queue = async () => {
      await this.#queue(event);
      return 'queued' as const;
    };
    const answer = await this.#ask<OutcomeAnswer | 'queued'>(
      async (ledger, access) => await ledger.outcome(access, event),
      queue,
    );
    const waits = answer === 'unknown' && queuedPlans.has(`${this.site} ${event.planId}`);
    return waits ? queue() : answer;
  }

  report(from: string, to: string, by: Group): Promise<UsageReport> {
    return this.#ask<UsageReport>(async (ledger, access) => await ledger.report(access, from, to, by));
  }

  /** @throws Problem for a no, and `ledger-unavailable` where neither ledger nor grant nor queue can be had. */
  async #ask<Value>(
    ask: (ledger: Stub, access: Access) => Promise<Answer<Value>>,
    onGrant?: () => Promise<Value>,
  ): Promise<Value> {
    this.#asked = true;
    let answer: Answer<Value>;
    try {
      answer = await this.#reach((ledger) => ask(ledger, this.#access));
    } catch (cause) {
      console.error('ledger', cause);
      return this.#onGrant(cause, onGrant);
    }
    if ('refused' in answer) throw this.#refuse(answer.refused, answer.readable);
    this.readable = answer.readable;
    grants.remember(this.#access, answer.readable, Date.now());
    return answer.value;
  }

  #refuse(refused: Refusal, readable: boolean): Problem {
    // where no site is known there is none whose pages could be told apart
    if (refused.code !== 'unauthorized') this.readable = readable;
    if (refused.code === 'origin-not-allowed') grants.forgetOrigin(this.#access);
    else if (refused.code !== 'rate-limited') grants.forget(this.#access);
    return refusalProblem(refused, this.#access, Date.now());
  }

  async #onGrant<Value>(cause: unknown, serve?: () => Promise<Value>): Promise<Value> {
    const grant = grants.find(this.#access, Date.now());
    if (!grant || !serve) throw unavailable(cause);
    this.readable = grant.readable;
    return serve();
  }

  async #queue(event: UsageEvent): Promise<void> {
    try {
      await queueEvent(this.#env, this.site, event);
    } catch (cause) {
      console.error('replay', cause);
      throw unavailable(cause);
    }
  }

  /** One that does not answer fails, too: what it may still do is done once, as ids tell. */
  #reach<Value>(ask: (ledger: Stub) => Promise<Value>): Promise<Value> {
    let done = () => {};
    const late = new Promise<never>((_, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer within ${LEDGER_PATIENCE} ms`)), LEDGER_PATIENCE);
      done = () => clearTimeout(timer);
    });
    return Promise.race([this.#try(ask), late]).finally(done);
  }

  /** An object that has just moved says so: it is asked once more. Whatever is asked may be asked twice. */
  async #try<Value>(ask: (ledger: Stub) => Promise<Value>): Promise<Value> {
    const { SITES } = this.#env;
    try {
      return await ask(SITES.getByName(this.site));
    } catch (failure) {
      const { retryable, overloaded } = failure as { retryable?: boolean; overloaded?: boolean };
      if (!retryable || overloaded) throw failure;
      return ask(SITES.getByName(this.site));
    }
  }
}
