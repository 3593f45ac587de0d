/**
 * What POST /v1/denoise takes of memory at its limits, in a table: `npm run build`, then
 * `npx wrangler deploy --dry-run --outdir .local/worker`, then `npx node bench/edge-memory.ts`. Linux only.
 *
 * Runs the built worker in workerd, sends the worst images that the edge takes, and asks the kernel for the resident
 * memory of that workerd: the peak since the start, less what it was when the worker had said that it was healthy and
 * nothing more. That counts all that requests bring: JavaScript's heap, buffers, the memories of the wasm modules as far
 * as they are touched, compiled code, and workerd's own buffers. Nothing is taken back between two rows: each stands on
 * what the ones before left behind, as in an isolate that lives long.
 *
 * Once with a collector that runs all the time, which is what the requests need; and once as it comes, which is that and
 * the garbage that V8 leaves lying as long as nobody presses it, 64 MB of buffers and more.
 */
import { listCards } from '../models/catalog.ts';
import type { RasterImage } from '../models/image.ts';
import { runsAtEdge } from '../models/limits.ts';
import { sfc32 } from '../models/noise/random.ts';
import { buildPng } from '../test/hostile/png.ts';
import type { Edge } from '../test/worker/harness.ts';
import { openCodec } from '../test/worker/jpeg/codec-in-node.ts';
import { highWater, resident, workerdProcesses } from '../test/workerd.ts';
import { encodePng } from '../worker/png/codec.ts';
import { nameOf } from '../worker/published.ts';

process.env.WRANGLER_LOG = 'error';
process.env.WRANGLER_SEND_METRICS = 'false';
process.env.CLOUDFLARE_CF_FETCH_ENABLED = 'false';
const { startEdge } = await import('../test/worker/harness.ts');

const SIDE = 256;
const random = sfc32(1);
/** Noise does not compress: files are as large as they get. */
function noise(channels: RasterImage['channels'], depth: 8 | 16, width = SIDE, height = SIDE): RasterImage {
  const samples = { length: width * height * channels };
  const sample = () => Math.floor(random() * 2 ** depth);
  const data = depth === 16 ? Uint16Array.from(samples, sample) : Uint8Array.from(samples, sample);
  return { data, width, height, channels, depth };
}

const codec = openCodec();
const best = { quality: 100, colourQuality: 100, subsampled: false };
const deep = noise(4, 16);
const interlaced = { width: SIDE, height: SIDE, depth: 16, colour: 6, interlaced: true, samples: deep.data };
const png16 = await encodePng(deep);
const networks = listCards().filter((card) => card.family === 'tier' && runsAtEdge(card));
const filters = listCards().filter((card) => card.family === 'filter' && runsAtEdge(card));

interface Row {
  readonly name: string;
  readonly type: 'image/png' | 'image/jpeg';
  readonly file: Uint8Array<ArrayBuffer>;
  readonly model: string;
  readonly accept?: string;
  /** Requests at the same time; 1 unless given. */
  readonly together?: number;
}

const PNG = { type: 'image/png' } as const;
const JPEG = { type: 'image/jpeg' } as const;
const jpeg = await codec.encode(noise(3, 8), best);
const rows: Row[] = [
  ...networks.map((card) => ({ ...PNG, name: '16-bit RGBA PNG', file: png16, model: nameOf(card) })),
  { ...PNG, name: '16-bit RGBA PNG, interlaced', file: buildPng(interlaced), model: 'fast' },
  {
    ...PNG,
    name: '8-bit RGB PNG, answered as JPEG',
    file: await encodePng(noise(3, 8)),
    model: 'fast',
    accept: JPEG.type,
  },
  ...networks.map((card) => ({
    ...JPEG,
    name: 'progressive JPEG, 4:4:4, quality 100',
    file: jpeg,
    model: nameOf(card),
  })),
  { ...JPEG, name: 'the same, answered as PNG', file: jpeg, model: 'fast', accept: PNG.type },
  {
    ...JPEG,
    name: 'progressive JPEG of 65500 x 1',
    file: await codec.encode(noise(3, 8, 65500, 1), best),
    model: 'fast',
  },
  ...filters.map((card) => ({ ...PNG, name: '16-bit RGBA PNG', file: png16, model: nameOf(card) })),
  { ...PNG, name: 'nine at a time, 16-bit RGBA PNG', file: png16, model: 'fast', together: 9 },
];

const mb = (bytes: number) => (bytes / 1e6).toFixed(1);

async function send(edge: Edge, { name, type, file, model, accept = type, together = 1 }: Row): Promise<void> {
  const headers = { authorization: 'Bearer sk_local', 'content-type': type, accept };
  const response = await fetch(new URL(`/v1/denoise?model=${model}`, edge.url), {
    method: 'POST',
    body: file,
    headers,
  });
  const body = new Uint8Array(await response.arrayBuffer());
  // of nine at a time, those whose turn does not come on a slow machine are sent away
  if (response.ok || (together > 1 && response.status === 503)) return;
  throw new Error(`${name}: ${response.status} ${new TextDecoder().decode(body.subarray(0, 300))}`);
}

/** The peak after each row, bytes. */
async function peaks(v8Flags: string): Promise<number[]> {
  process.env.MINIFLARE_WORKERD_V8_FLAGS = v8Flags;
  const edge = await startEdge();
  try {
    await fetch(new URL('/healthz', edge.url));
    const idle = new Map<number, number>();
    for (const id of await workerdProcesses()) idle.set(id, await resident(id));
    const grown: number[] = [];
    for (const row of rows) {
      await Promise.all(Array.from({ length: row.together ?? 1 }, () => send(edge, row)));
      // the other process is wrangler's proxy
      const each = await Promise.all([...idle].map(async ([id, before]) => (await highWater(id)) - before));
      grown.push(Math.max(...each));
    }
    return grown;
  } finally {
    await edge.close();
  }
}

const COLLECTING = '--max-semi-space-size=1 --min-semi-space-size=1 --gc-interval=1000 --gc-global';
const needed = await peaks(COLLECTING);
const asItComes = await peaks('');
console.log('| image | model | file, KB | needed so far, MB | as it comes, MB |\n| --- | --- | ---: | ---: | ---: |');
for (const [i, { name, model, file }] of rows.entries()) {
  const sizes = [(file.length / 1e3).toFixed(0), mb(needed[i] as number), mb(asItComes[i] as number)];
  console.log(`| ${[name, model, ...sizes].join(' | ')} |`);
}
