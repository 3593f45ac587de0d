import { build } from '../scripts/build.ts';
import { buildWorker } from '../test/global-setup.ts';
import { plainPng } from '../test/hostile/png.ts';
import { type Edge, startEdge } from '../test/worker/harness.ts';
import { postJson, postPng, secret } from '../test/worker/requests.ts';
import { childrenTime } from './processes.ts';

// Processor time per request of the built worker, from Linux's account of the whole local runtime: its proxy and the
// objects included, which `GET /healthz` shows the price of. What plans limit is this, not the time that passes.

async function measure(name: string, count: number, ask: () => ReturnType<Edge['fetch']>): Promise<void> {
  const answer = async () => {
    const response = await ask();
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`Expected ${name} to be answered but got ${response.status}`);
  };
  const start = childrenTime();
  await answer();
  const first = childrenTime();
  for (let i = 0; i < count; i++) await answer();
  const each = (childrenTime() - first) / count;
  console.log(
    `${name.padEnd(34)} first ${String(first - start).padStart(5)} ms, then ${each.toFixed(1).padStart(6)} ms`,
  );
}

await build();
await buildWorker();
const edge = await startEdge();
const plan = (width: number, height: number) => () =>
  postJson(edge, '/v1/plans', { model: 'fast', width, height, device: { backend: 'wasm' } }, secret);
const denoise = (side: number, query: string) => {
  const file = plainPng(side, side);
  return () => postPng(edge, file, query);
};
await measure('GET /healthz', 200, () => edge.fetch('/healthz'));
await measure('GET /v1/models', 100, () => edge.fetch('/v1/models'));
await measure('POST /v1/plans, 1200x800', 100, plan(1200, 800));
await measure('POST /v1/plans, 6000x4000', 50, plan(6000, 4000));
await measure('denoise 32x32, fast', 20, denoise(32, '?sigma=25'));
await measure('denoise 256x256, fast', 10, denoise(256, '?sigma=25'));
await measure('denoise 256x256, median', 20, denoise(256, '?model=median&sigma=25'));
await edge.close();
