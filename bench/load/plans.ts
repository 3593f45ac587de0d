import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { root, stateFolder } from '../../test/paths.ts';
import { otherWork, table } from '../table.ts';
import { type Edges, startEdges } from './edges.ts';
import { loadFor, type Question, type Round } from './generator.ts';
import { median, percentiles, spread } from './statistics.ts';
import { type Running, startWorkerd } from './workerd.ts';

const HELLO: Question = { path: '/v1/hello' };
const HEALTH: Question = { path: '/healthz' };
const PLAN: Question = {
  path: '/v1/plans',
  method: 'POST',
  headers: { authorization: 'Bearer sk_local' },
  body: JSON.stringify({ model: 'fast', width: 1200, height: 800, device: { backend: 'wasm' } }),
};

/** Something that is loaded, and what came of it in each round. */
interface Subject {
  readonly name: string;
  readonly url: URL;
  readonly question: Question;
  readonly rounds: Round[];
}

const subject = (name: string, { url }: { url: URL }, question: Question): Subject => ({
  name,
  url,
  question,
  rounds: [],
});

/** One after the other, again and again: what else the machine does meets all alike. The first round warms up. */
async function interleave(subjects: readonly Subject[], rounds: number, seconds: number): Promise<void> {
  for (let round = 0; round <= rounds; round++) {
    for (const { url, question, rounds } of subjects) {
      const result = await loadFor(seconds, url, question);
      if (round > 0) rounds.push(result);
    }
    process.stderr.write(`\rround ${round} of ${rounds}`);
  }
  process.stderr.write('\n');
}

const perSecond = ({ rounds }: Subject) => rounds.map((round) => round.perSecond);
const processor = ({ rounds }: Subject) => median(rounds.map((round) => round.processor));

/** Requests of every round against those of the reference in the same round. */
const ratios = (of: Subject, to: Subject) =>
  of.rounds.map((round, i) => (100 * round.perSecond) / (to.rounds[i] as Round).perSecond);

function throughputRow(of: Subject, hello: Subject) {
  const ratio = ratios(of, hello);
  return [
    of.name,
    `${median(perSecond(of)).toFixed(0)} (${spread(perSecond(of))})`,
    of === hello ? '100 %' : `${median(ratio).toFixed(0)} % (${spread(ratio)})`,
    ...percentiles(of.rounds.flatMap((round) => round.milliseconds)),
    processor(of).toFixed(0),
  ];
}

const HEAD = ['', 'requests/s (range)', 'of hello', 'p50, ms', 'p95', 'p99', 'processor, µs'];

/** In memory where there is such a folder: without waiting for a disk. */
const MEMORY = existsSync('/dev/shm') ? '/dev/shm/degrain-load' : undefined;

export interface PlansOptions {
  readonly rounds: number;
  readonly seconds: number;
}

/** Plans per second against a worker that says hello, and where the difference goes. */
export async function measurePlans({ rounds, seconds }: PlansOptions): Promise<string> {
  const machine = otherWork();
  const storage = (name: string) => `${MEMORY ?? `${stateFolder}load/storage`}-${name}/`;
  const workers = `${root}bench/load/workers/`;
  const start = (name: string, entry: string, objects: boolean, folder = storage(name)) =>
    startWorkerd({ name, entry, objects }, folder);
  const edge = `${root}worker/index.ts`;
  const running: Record<'hello' | 'json' | 'noObject' | 'noWrites' | 'plans' | 'onDisk', Running> = {
    hello: await start('hello', `${workers}hello.ts`, false),
    json: await start('json', `${workers}json.ts`, false),
    noObject: await start('no-object', `${workers}no-object.ts`, true),
    noWrites: await start('no-writes', `${workers}no-writes.ts`, true),
    plans: await start('plans', edge, true),
    onDisk: await start('on-disk', edge, true, `${stateFolder}load/storage-on-disk/`),
  };
  const ceiling = fork(`${root}bench/load/ceiling.ts`);
  const [port] = (await once(ceiling, 'message')) as [number];
  let edges: Edges | undefined;
  try {
    const limit = subject('what the load generator can do', { url: new URL(`http://127.0.0.1:${port}`) }, HELLO);
    const hello = subject('hello, a Hono worker of two lines', running.hello, HELLO);
    const plans = subject('`POST /v1/plans`, ledger in memory', running.plans, PLAN);
    const onDisk = subject('`POST /v1/plans`, ledger on a disk', running.onDisk, PLAN);
    const health = subject('`GET /healthz`', running.plans, HEALTH);
    const json = subject('hello that takes and answers JSON', running.json, PLAN);
    const noObject = subject('`POST /v1/plans` that asks no object', running.noObject, PLAN);
    const noWrites = subject('`POST /v1/plans` whose object writes nothing', running.noWrites, PLAN);
    await interleave([limit, hello, health, json, noObject, noWrites, plans, onDisk], rounds, seconds);

    edges = await startEdges();
    const servedHello = subject('hello, a Hono worker of two lines', edges.hello, HELLO);
    const servedPlans = subject('`POST /v1/plans`', edges.degrain, PLAN);
    const servedJson = subject('hello that takes and answers JSON', edges.json, PLAN);
    await interleave([servedHello, servedJson, servedPlans], rounds, seconds);

    const bare = [hello, json, health, noObject, noWrites, plans, onDisk].map((each) => throughputRow(each, hello));
    const served = [servedHello, servedJson, servedPlans].map((each) => throughputRow(each, servedHello));
    const cost = (more: Subject, less: Subject) => (processor(more) - processor(less)).toFixed(0);
    const layers = [
      ['a request that is answered at all: hello', processor(hello).toFixed(0)],
      ['reading a body of JSON, answering with a kilobyte of it', cost(json, hello)],
      ['ours: key, checks, headers, log, the plan itself', cost(noObject, json)],
      ["the hop to the site's object and back, and its ledger: quota, SQL, commit", cost(plans, noObject)],
      ['**a plan**', `**${processor(plans).toFixed(0)}**`],
    ];
    return `In workerd alone:

${table(HEAD, bare)}

Where a plan's processor time goes:

${table(['', 'µs'], layers)}

Behind the routers and proxies of the local edge, as in \`npm start\`:

${table(HEAD, served)}

Medians of ${rounds} interleaved rounds of ${seconds} s, 32 connections, each asking again when answered; ratios within a
round. The load generator itself got to ${median(perSecond(limit)).toFixed(0)} requests/s against a server that does nothing. \
${machine}.`;
  } finally {
    ceiling.disconnect();
    await edges?.stop();
    for (const each of Object.values(running)) await each.stop();
  }
}
