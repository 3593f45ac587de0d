/**
 * What POST /v1/denoise takes of memory at its limits, in a table: `npm run build`, then
 * `npx wrangler deploy --dry-run --outdir .local/worker`, then `node bench/edge-memory.ts`. Linux only.
 *
 * Runs the built worker in workerd, sends the worst images that the edge takes, and asks the kernel for workerd's
 * resident memory: the peak since the start, less what it was when the worker had said that it was healthy and nothing
 * more. That counts all that a request brings: JavaScript's heap with garbage that is not collected yet, buffers, the
 * memories of the wasm modules as far as they are touched, their compiled code, and workerd's own buffers. Nothing is
 * taken back between two rows: each stands on what the ones before left behind, as in an isolate that lives long.
 */
import { listCards } from '../models/catalog.ts';
import type { RasterImage } from '../models/image.ts';
import { runsAtEdge } from '../models/limits.ts';
import { sfc32 } from '../models/noise/random.ts';
import { buildPng } from '../test/hostile/png.ts';
import { openCodec } from '../test/worker/jpeg/codec-in-node.ts';
import { highWater, resident, workerdProcesses } from '../test/workerd.ts';
import { encodePng } from '../worker/png/codec.ts';
import { nameOf } from '../worker/published.ts';

process.env.WRANGLER_LOG = 'error';
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

const edge = await startEdge();
await edge.fetch('/healthz');
const processes = await workerdProcesses();
const idle = await resident(processes);
const mb = (bytes: number) => (bytes / 1e6).toFixed(1);

console.log(`workerd when idle: ${mb(idle)} MB resident\n`);
console.log('| image | model | file, KB | peak so far, MB more than idle |\n| --- | --- | ---: | ---: |');
for (const { name, type, file, model, accept = type, together = 1 } of rows) {
  const headers = { authorization: 'Bearer sk_local', 'content-type': type, accept };
  const address = new URL(`/v1/denoise?model=${model}`, edge.url);
  const send = async () => {
    const response = await fetch(address, { method: 'POST', body: file, headers });
    const body = new Uint8Array(await response.arrayBuffer());
    // of nine at a time, those whose turn does not come on a slow machine are sent away
    if (response.ok || (together > 1 && response.status === 503)) return;
    throw new Error(`${name}: ${response.status} ${new TextDecoder().decode(body.subarray(0, 300))}`);
  };
  await Promise.all(Array.from({ length: together }, send));
  console.log(
    `| ${name} | ${model} | ${(file.length / 1e3).toFixed(0)} | ${mb((await highWater(processes)) - idle)} |`,
  );
}
await edge.close();
