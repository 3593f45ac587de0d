import { startEdge } from '../worker/harness.ts';
import { highWater, workerdProcesses } from '../workerd.ts';
import { OUTCOMES, type Outcome } from './judge.ts';
import { makeInput } from './mutate.ts';
import { seeds } from './seeds.ts';
import { MAX_BYTES, MAX_MILLISECONDS } from './watch.ts';

export interface EdgeReport {
  readonly counts: Record<Outcome, number>;
  readonly faults: { index: number; said: string }[];
  readonly slow: { index: number; milliseconds: number }[];
  /** Bytes that workerd grew by at most since it had answered its first image. */
  readonly grown: number;
}

/** The same inputs as in Node, through the built worker. The cheapest filter: this is about files. */
export async function fuzzEdge({ seed, count }: { seed: number; count: number }): Promise<EdgeReport> {
  // what is used, without the garbage that would lie about for as long as there is room
  process.env.MINIFLARE_WORKERD_V8_FLAGS =
    '--max-semi-space-size=1 --min-semi-space-size=1 --gc-interval=2000 --gc-global';
  const edge = await startEdge();
  const counts = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  const faults: EdgeReport['faults'] = [];
  const slow: EdgeReport['slow'] = [];
  const corpus = seeds();
  const post = async (format: string, file: Uint8Array<ArrayBuffer>) => {
    const headers = { authorization: 'Bearer sk_local', 'content-type': `image/${format}` };
    const address = new URL('/v1/denoise?model=mean&sigma=10', edge.url);
    const started = performance.now();
    const response = await fetch(address, { method: 'POST', body: file, headers });
    const body = new Uint8Array(await response.arrayBuffer());
    return { response, body, milliseconds: performance.now() - started };
  };
  try {
    for (const format of ['png', 'jpeg'] as const) {
      for (const file of corpus[format].sound.slice(0, 3)) await post(format, file);
    }
    const processes = await workerdProcesses();
    const memory = async () => (await Promise.all(processes.map(highWater))).reduce((sum, bytes) => sum + bytes, 0);
    const before = await memory();
    for (let index = 0; index < count; index++) {
      const { format, file } = makeInput(corpus, seed, index);
      let answer = await post(format, file);
      // the machine may have been busy with something else
      if (answer.milliseconds > MAX_MILLISECONDS) answer = await post(format, file);
      if (answer.milliseconds > MAX_MILLISECONDS) slow.push({ index, milliseconds: answer.milliseconds });
      const outcome = outcomeOf(answer.response, answer.body, format);
      counts[outcome]++;
      if (outcome === 'fault') {
        faults.push({
          index,
          said: `${answer.response.status} ${new TextDecoder().decode(answer.body.subarray(0, 300))}`,
        });
      }
    }
    const grown = (await memory()) - before;
    if (grown > MAX_BYTES) faults.push({ index: count, said: `workerd grew by ${grown} bytes` });
    return { counts, faults, slow, grown };
  } finally {
    await edge.close();
  }
}

const PROBLEM_STATUS: Record<string, number> = { 'invalid-image': 400, 'image-too-large': 413 };

function outcomeOf({ status, headers }: Response, body: Uint8Array, format: string): Outcome {
  const type = headers.get('content-type');
  if (status === 200) return type === `image/${format}` && body.length > 0 ? 'image' : 'fault';
  if (type !== 'application/problem+json') return 'fault';
  const code = String(JSON.parse(new TextDecoder().decode(body)).type)
    .split('/')
    .at(-1) as Outcome;
  return PROBLEM_STATUS[code] === status ? code : 'fault';
}
