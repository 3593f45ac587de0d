import { build } from '../../scripts/build.ts';
import { type Random, randomOf } from '../../test/fuzz/random.ts';
import { buildWorker } from '../../test/global-setup.ts';
import { type Edge, startEdge } from '../../test/worker/harness.ts';
import { resident, workerdProcesses } from '../../test/workerd.ts';
import { otherWork, table } from '../table.ts';
import { inParallel, totals } from './account.ts';
import { type Ask, KINDS } from './mixed-kinds.ts';
import { percentiles } from './statistics.ts';

/** Connections. No more than may wait for the one image that the edge works on, so that none is sent away. */
const AT_A_TIME = 8;

/** ms after which a request counts as hung. Waiting for the images before it is not counted. */
const HUNG = 1000;

interface Done {
  readonly kind: string;
  readonly ask: Ask;
  readonly milliseconds: number;
  readonly said: string | undefined;
}

async function carryOut(edge: Edge, kind: string, ask: Ask): Promise<Done> {
  const started = performance.now();
  try {
    const response = await fetch(new URL(ask.path, edge.url), ask.init);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const waited = Number(/wait;dur=([\d.]+)/.exec(response.headers.get('server-timing') ?? '')?.[1] ?? 0);
    const milliseconds = performance.now() - started - waited;
    return { kind, ask, milliseconds, said: ask.judge({ status: response.status, headers: response.headers, bytes }) };
  } catch (failure) {
    return { kind, ask, milliseconds: performance.now() - started, said: String(failure) };
  }
}

/** Each kind as often as it is to come, in an order that follows from the seed. */
function deck(count: number, random: Random): string[] {
  const kinds = Object.entries(KINDS).flatMap(([kind, { of1000 }]) =>
    Array<string>(Math.round((count * of1000) / 1000)).fill(kind),
  );
  for (let i = kinds.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [kinds[i], kinds[j]] = [kinds[j] as string, kinds[i] as string];
  }
  return kinds;
}

async function memory(): Promise<number> {
  const sizes = await Promise.all((await workerdProcesses()).map(resident));
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

/** All that the edge does, at the same time and in any order, and a tenth of it hostile. */
export async function mix({ seed, count }: { seed: number; count: number }) {
  const machine = otherWork();
  await build();
  await buildWorker();
  const edge = await startEdge();
  try {
    // engine and codecs open with the first images: every kind comes once before
    for (const { make } of Object.values(KINDS)) {
      for (let i = 0; i < AT_A_TIME; i++) await carryOut(edge, '', make(randomOf(seed, -1 - i)));
    }
    const before = { memory: await memory(), plans: (await totals(edge.url)).plans };
    const done: Done[] = [];
    await inParallel([...deck(count, randomOf(seed, 0)).entries()], AT_A_TIME, async ([index, kind]) => {
      const ask = (KINDS[kind] as (typeof KINDS)[string]).make(randomOf(seed, 1 + index));
      done.push(await carryOut(edge, kind, ask));
    });
    const grown = (await memory()) - before.memory;
    const counted = (await totals(edge.url)).plans - before.plans;
    const faults = done.flatMap(({ kind, said }) => (said === undefined ? [] : [`${kind}: ${said}`]));
    const slow = done.filter(({ milliseconds }) => milliseconds > HUNG);
    // other things run on the machine: what was late among others is asked once more, alone: ids make it count once
    const hung: string[] = [];
    for (const { kind, ask } of slow) {
      const again = await carryOut(edge, kind, ask);
      if (again.milliseconds > HUNG) hung.push(`${kind}: ${Math.round(again.milliseconds)} ms`);
    }
    faults.push(...hung);
    const planned = done.filter(({ kind }) => COUNTED.includes(kind)).length;
    if (counted !== planned) faults.push(`the ledger counted ${counted} plans of ${planned}`);
    const alive = await fetch(new URL('/healthz', edge.url));
    if (!alive.ok) faults.push(`GET /healthz: ${alive.status}`);
    const text = `${describeKinds(done)}

${done.length} requests, ${AT_A_TIME} at a time, in an order by seed ${seed}, through the local edge: ${faults.length} faults. ${slow.length} took
more than a second beside the others (the wait for other images not counted), and asked again alone, ${hung.length}. The ledger counted ${counted} plans of ${planned}. workerd had
${Math.round(before.memory / 2 ** 20)} MiB before, warm, and ${signed(grown / 2 ** 20)} MiB after; it was alive. ${machine}.`;
    return { text, faults };
  } finally {
    await edge.close();
  }
}

/** Each counts as a plan. */
const COUNTED = ['`POST /v1/plans`', '`POST /v1/usage`'];

const signed = (number: number) => `${number < 0 ? '−' : '+'}${Math.abs(Math.round(number))}`;

function describeKinds(done: readonly Done[]): string {
  const rows = Object.keys(KINDS).map((kind) => {
    const these = done.filter((each) => each.kind === kind);
    const right = these.filter(({ said }) => said === undefined).length;
    return [kind, these.length, right, ...percentiles(these.map(({ milliseconds }) => milliseconds))];
  });
  return table(['', 'requests', 'answered as they must be', 'p50, ms', 'p95', 'p99'], rows);
}
