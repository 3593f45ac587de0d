/**
 * What the edge does to small noisy photographs: `npx node bench/edge.ts <folder of clean PNGs> [--edge address]`.
 *
 * Takes the middle 256x256 of every image, adds noise of sigma 25, clips and rounds to 8 bits, sends it to
 * POST /v1/denoise with the true sigma and with `auto`, and prints the mean gain in PSNR over the noisy crop, what
 * `auto` loses, and how long a warm request takes. `npm start` serves the edge.
 */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type FloatImage, fromRaster, toRaster } from '../models/image.ts';
import { psnr } from '../models/metrics.ts';
import { addGaussian } from '../models/noise/add.ts';
import { decodePng, encodePng } from '../worker/png/codec.ts';

const SIDE = 256;
const SIGMA = 25;
const LIMITS = { maxBytes: 2 ** 27, maxPixels: 2 ** 26 };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { edge: { type: 'string', default: 'http://localhost:8787' } },
});
const [folder] = positionals;
if (!folder) throw new Error('Expected a folder of clean PNGs, as in: npx node bench/edge.ts photos');

function middle({ data, width, height, channels }: FloatImage): FloatImage {
  const left = (width - SIDE) >> 1;
  const top = (height - SIDE) >> 1;
  const out = new Float32Array(SIDE * SIDE * channels);
  for (let y = 0; y < SIDE; y++) {
    const from = ((top + y) * width + left) * channels;
    out.set(data.subarray(from, from + SIDE * channels), y * SIDE * channels);
  }
  return { data: out, width: SIDE, height: SIDE, channels };
}

async function denoised(file: Uint8Array<ArrayBuffer>, sigma: number | 'auto') {
  const started = performance.now();
  const response = await fetch(`${values.edge}/v1/denoise?model=fast&sigma=${sigma}`, {
    method: 'POST',
    headers: { 'content-type': 'image/png', authorization: 'Bearer sk_local' },
    body: file,
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const milliseconds = performance.now() - started;
  if (!response.ok) throw new Error(`${response.status}: ${new TextDecoder().decode(bytes)}`);
  return { image: fromRaster(decodePng(bytes, LIMITS).image).colour, milliseconds };
}

const mean = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
const median = (numbers: number[]) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] as number;

const names = readdirSync(folder).filter((name) => name.endsWith('.png'));
const rows: { noisy: number; told: number; auto: number; toldMs: number; autoMs: number }[] = [];
for (const [seed, name] of names.entries()) {
  const whole = fromRaster(decodePng(await readFile(join(folder, name)), LIMITS).image).colour;
  if (whole.width < SIDE || whole.height < SIDE) continue;
  const clean = middle(whole);
  const noisy = addGaussian(clean, SIGMA, { seed, eightBit: true });
  const file = await encodePng(toRaster(noisy, undefined, 8));
  const told = await denoised(file, SIGMA);
  const auto = await denoised(file, 'auto');
  rows.push({
    noisy: psnr(clean, noisy),
    told: psnr(clean, told.image),
    auto: psnr(clean, auto.image),
    toldMs: told.milliseconds,
    autoMs: auto.milliseconds,
  });
  process.stderr.write(`\r${rows.length} of ${names.length}`);
}
process.stderr.write('\n');
const of = (pick: (row: (typeof rows)[number]) => number) => mean(rows.map(pick));
console.log(`${rows.length} crops of ${SIDE}x${SIDE}, sigma ${SIGMA}, 8-bit; PSNR in dB, mean over crops`);
console.log(`noisy ${of((r) => r.noisy).toFixed(2)}, denoised ${of((r) => r.told).toFixed(2)}`);
console.log(
  `gain ${of((r) => r.told - r.noisy).toFixed(2)}; with sigma=auto ${of((r) => r.auto - r.noisy).toFixed(2)}`,
);
console.log(
  `auto loses ${of((r) => r.told - r.auto).toFixed(3)}, at worst ${Math.max(...rows.map((r) => r.told - r.auto)).toFixed(2)}`,
);
// the first request opens the engine
const warm = rows.slice(1);
const ms = (pick: (row: (typeof rows)[number]) => number) => {
  const times = warm.map(pick);
  return `median ${median(times).toFixed(0)} ms, slowest ${Math.max(...times).toFixed(0)} ms`;
};
console.log(`warm request: ${ms((r) => r.toldMs)}; with sigma=auto ${ms((r) => r.autoMs)}`);
