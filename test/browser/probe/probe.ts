import { paintScene } from '../../../client/app/scene.ts';
import { requestPlan } from '../../../client/edge/plans.ts';
import { findGpu } from '../../../client/engine/gpu.ts';
import { largestDifference } from '../../../client/engine/self-test.ts';
import { openWasm } from '../../../client/engine/wasm.ts';
import { openWebgpu } from '../../../client/engine/webgpu.ts';
import { NAME as CHOICES, choices } from '../../../client/engine/wgsl/choices.ts';
import { openWgsl } from '../../../client/engine/wgsl/engine.ts';
import { fetchGolden } from '../../../client/golden.ts';
import { fetchModel, findModel } from '../../../client/model.ts';
import type { Precision } from '../../../models/card.ts';
import { denoise } from '../../../models/denoise.ts';
import type { TileEngine } from '../../../models/engine.ts';
import { gaussianNoise } from '../../../models/noise/add.ts';

// What tests need of the client's insides, in a page. Never part of the product: see probe.test-only build in page.ts.

const { signal } = new AbortController();

async function published(name: string, precision: Precision) {
  const edge = { endpoint: `${location.origin}/`, key: 'pk_local' };
  const device = { backend: 'wasm' } as const;
  const request = { planId: crypto.randomUUID(), model: name, width: 64, height: 48, channels: 3, precision, device };
  const plan = await requestPlan(edge, request, signal);
  const model = await findModel(edge.endpoint, plan, signal);
  const { card, remote } = model;
  if (card.family === 'filter') throw new Error('a network was asked for');
  const files = await fetchModel(card, remote, precision, signal, () => undefined);
  return { card, files, golden: await fetchGolden(card, remote, precision, signal) };
}

async function openEngine(name: 'wgsl' | 'tfjs-webgpu' | 'wasm', model: string, precision: Precision) {
  const { card, files, golden } = await published(model, precision);
  if (name === 'wasm') return { engine: await openWasm(files), golden, card };
  const gpu = await findGpu();
  if (!gpu) throw new Error('no adapter');
  const open = name === 'wgsl' ? openWgsl : openWebgpu;
  return { engine: (await open(gpu.adapter, files, [])) as TileEngine, golden, card };
}

/** Per golden window and run: the largest difference to PyTorch's output. */
export async function goldenDifferences(
  name: 'wgsl' | 'tfjs-webgpu' | 'wasm',
  model: string,
  precision: Precision,
  windows: number,
  runs = 2,
): Promise<number[]> {
  const { engine, golden } = await openEngine(name, model, precision);
  const differences: number[] = [];
  for (const { input, output, height, width } of golden.slice(0, windows)) {
    for (let run = 0; run < runs; run++)
      differences.push(largestDifference(await engine.run(input, height, width), output));
  }
  engine.dispose();
  return differences;
}

/** The same picture in one window and in many: number of windows, and the largest difference in 8-bit steps. */
export async function tiledAgainstWhole(width: number, height: number, maxTilePixels: number) {
  const { engine, card } = await openEngine('wasm', 'fast', 'q8');
  const { noisy } = scene(width, height, 25);
  const image = { data: noisy.data, width, height, channels: 4, depth: 8 } as const;
  const run = (pixels: number) =>
    denoise(image, card, [{ name: 'wasm', maxTilePixels: pixels, open: async () => engine }], { sigma: 25 });
  const whole = await run(2 ** 20);
  const tiled = await run(maxTilePixels);
  let steps = 0;
  for (let i = 0; i < whole.image.data.length; i++) {
    steps = Math.max(steps, Math.abs((tiled.image.data[i] as number) - (whole.image.data[i] as number)));
  }
  return { whole: whole.plan?.tiles.length, tiled: tiled.plan?.tiles.length, steps };
}

/** The page's own scene, and the same with white noise of 8 bits. */
export function scene(width: number, height: number, sigma: number, seed = 1) {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no canvas');
  paintScene(context, width, height);
  const clean = context.getImageData(0, 0, width, height);
  const noisy = new ImageData(clean.data.slice(), width, height);
  const noise = gaussianNoise(width * height * 3, seed);
  for (let i = 0; i < noise.length; i++) {
    const at = Math.floor(i / 3) * 4 + (i % 3);
    noisy.data[at] = (noisy.data[at] as number) + sigma * (noise[i] as number);
  }
  return { clean, noisy };
}

export async function pngOf(image: ImageData): Promise<Blob> {
  const canvas = new OffscreenCanvas(image.width, image.height);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas.convertToBlob({ type: 'image/png' });
}

/** The file as a page can hand it to a test: bytes one by one take seconds. */
export async function base64Of(file: Blob): Promise<string> {
  const reader = new FileReader();
  await new Promise((resolve) => {
    reader.onload = resolve;
    reader.readAsDataURL(file);
  });
  return String(reader.result).split(',')[1] ?? '';
}

/** dB over the colours of two pictures. */
export function psnr(a: ImageData, b: ImageData): number {
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) if (i % 4 !== 3) sum += ((a.data[i] as number) - (b.data[i] as number)) ** 2;
  return 10 * Math.log10((255 ** 2 * a.width * a.height * 3) / sum);
}

/** What is remembered of GPUs, and the database in which it is. */
export { CHOICES, choices };
