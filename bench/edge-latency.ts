/**
 * How long POST /v1/denoise takes on a new isolate and on a warm one: `npm run build`, then
 * `npx wrangler deploy --dry-run --outdir .local/worker`, then `npx node bench/edge-latency.ts [--write]`.
 *
 * Every start is a workerd of its own, built as it would be deployed. A deployed one starts on a machine that has the
 * program and the weights at hand, as this one does; the network between a client and the edge is in none of the
 * figures, wrangler's proxy (about five milliseconds) is in all.
 */
import { parseArgs } from 'node:util';
import { toRaster } from '../models/image.ts';
import { addGaussian } from '../models/noise/add.ts';
import type { Edge } from '../test/worker/harness.ts';
import { encodePng } from '../worker/png/codec.ts';
import { median, quantile } from './load/statistics.ts';
import { otherWork, table, writeBetween } from './table.ts';

process.env.WRANGLER_LOG = 'error';
process.env.WRANGLER_SEND_METRICS = 'false';
process.env.CLOUDFLARE_CF_FETCH_ENABLED = 'false';
const { startEdge } = await import('../test/worker/harness.ts');

const { values } = parseArgs({
  options: { write: { type: 'boolean', default: false }, starts: { type: 'string', default: '7' } },
});
const STARTS = Number(values.starts);
const WARM_RUNS = 15;
const SIDES = [64, 128, 256];
const MODELS = ['fast', 'photo', 'wavelet'];

/** A grey ramp under noise: what it shows does not matter, how large it is does. */
async function picture(side: number): Promise<Uint8Array<ArrayBuffer>> {
  const data = Float32Array.from({ length: side * side * 3 }, (_, i) => (Math.floor(i / 3) % side) / side);
  const clean = { data, width: side, height: side, channels: 3 } as const;
  return encodePng(toRaster(addGaussian(clean, 25, { seed: side, eightBit: true }), undefined, 8));
}

async function request(edge: Edge, path: string, body?: Uint8Array<ArrayBuffer>) {
  const headers = { authorization: 'Bearer sk_local', 'content-type': 'image/png' };
  const started = performance.now();
  const response = await fetch(new URL(path, edge.url), body ? { method: 'POST', headers, body } : {});
  const answer = await response.arrayBuffer();
  const ms = performance.now() - started;
  if (!response.ok) throw new Error(`${path}: ${response.status} ${new TextDecoder().decode(answer)}`);
  return { ms, steps: stepsOf(response.headers.get('server-timing')) };
}

/** ms by step, of a Server-Timing header. */
function stepsOf(header: string | null): Map<string, number> {
  const parts = (header ?? '').matchAll(/([a-z]+);dur=([\d.]+)/g);
  return new Map([...parts].map(([, name = '', ms]) => [name, Number(ms)]));
}

const pictures = await Promise.all(SIDES.map(picture));
const path = (model: string, sigma: string) => `/v1/denoise?model=${model}${sigma === 'auto' ? '' : `&sigma=${sigma}`}`;
/** A blind model is told nothing. */
const sigmasOf = (model: string) => (model === 'photo' ? ['auto'] : ['25', 'auto']);

const other = otherWork();
const first = { health: [] as number[], denoise: new Map<string, number[]>(), open: new Map<string, number[]>() };
const warm = new Map<string, number[]>();
const note = (into: Map<string, number[]>, key: string, ms: number) => into.set(key, [...(into.get(key) ?? []), ms]);
for (let start = 0; start < STARTS; start++) {
  for (const model of MODELS) {
    const edge = await startEdge();
    try {
      first.health.push((await request(edge, '/healthz')).ms);
      const cold = await request(edge, path(model, sigmasOf(model)[0] as string), pictures[0]);
      note(first.denoise, model, cold.ms);
      note(first.open, model, cold.steps.get('open') ?? 0);
      for (const [i, side] of SIDES.entries()) {
        for (const sigma of sigmasOf(model)) {
          await request(edge, path(model, sigma), pictures[i]);
          for (let run = 0; run < Math.ceil(WARM_RUNS / STARTS); run++) {
            note(warm, `${model} ${side} ${sigma}`, (await request(edge, path(model, sigma), pictures[i])).ms);
          }
        }
      }
    } finally {
      await edge.close();
    }
  }
  process.stderr.write(`\rstart ${start + 1} of ${STARTS}`);
}
process.stderr.write('\n');

const figures = (ms: readonly number[] = []) =>
  ms.length > 0 ? `${median(ms).toFixed(0)} (${quantile(ms, 0.95).toFixed(0)})` : '–';
const coldRows = MODELS.map((model) => [
  `\`${model}\``,
  figures(first.denoise.get(model)),
  median(first.open.get(model) ?? []).toFixed(0),
]);
const warmRows = MODELS.map((model) => [
  `\`${model}\``,
  ...SIDES.flatMap((side) => ['25', 'auto'].map((sigma) => figures(warm.get(`${model} ${side} ${sigma}`)))),
]);
const text = [
  `A new isolate answers its first request, \`/healthz\`, after ${figures(first.health)} ms. The first image of 64 x 64 on it:`,
  table(['model', 'ms', 'of these: reading, checking and unpacking weights'], coldRows),
  'Then, ms per request, with sigma told and with `sigma=auto`:',
  table(['model', ...SIDES.flatMap((side) => [`${side} x ${side}`, `${side}, auto`])], warmRows),
  `Medians (in brackets, 95 % are below) over ${STARTS} starts or more. ${other}.`,
].join('\n\n');
console.log(text);
if (values.write) await writeBetween('performance.md', 'edge', text);
