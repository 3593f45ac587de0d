import { readFileSync } from 'node:fs';
import '@tensorflow/tfjs-backend-wasm';
import { loadGraphModelSync } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { root } from '../paths.ts';
import { largestDifference } from './pictures.ts';

interface Stored {
  readonly name: string;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly graph: string;
  readonly weights: string;
  readonly output: string;
  readonly peakBytes: number;
  readonly code?: string;
  readonly decoded?: string;
}

/** Made by graph-ops.py beside it: between them, the networks have every operation that the exporter writes. */
const stored: Stored[] = JSON.parse(readFileSync(`${root}test/stored/graph-ops.json`, 'utf8'));

/** What float32 in another order of additions may differ by. */
const ROUNDING = 1e-4;

const bytes = (base64: string): ArrayBuffer => Uint8Array.from(Buffer.from(base64, 'base64')).buffer;
const floats = (base64: string): Float32Array => new Float32Array(bytes(base64));

function load({ graph, weights }: Stored) {
  const { modelTopology, signature, weightsManifest } = JSON.parse(graph);
  const weightSpecs = weightsManifest[0].weights;
  return loadGraphModelSync({ modelTopology, signature, weightSpecs, weightData: bytes(weights) });
}

function imageOf({ height, width, channels }: Stored): tf.Tensor {
  const values = Float32Array.from({ length: height * width * channels }, (_, i) => ((i * 37) % 101) / 100);
  return tf.tensor4d(values, [1, height, width, channels]);
}

beforeAll(async () => {
  await tf.setBackend('wasm');
});

test.each(stored)('TF.js computes what PyTorch does, in the memory that was counted: $name', async (each) => {
  const model = load(each);
  const image = imageOf(each);
  const before = tf.memory().numBytes - image.size * 4;
  const { result, peakBytes } = await tf.profile(() => model.execute({ image }, 'denoised') as tf.Tensor);
  const output = await (result as tf.Tensor).data<'float32'>();
  expect(largestDifference(output as Float32Array, floats(each.output))).toBeLessThan(ROUNDING);
  // a reshaped tensor counts again in TF.js, though it has no memory of its own, and matrices are reshaped to multiply
  const isCounted = !each.graph.includes('Reshape');
  // 50 bytes: whatever does not grow with the image is left out
  if (isCounted) expect(Math.abs(peakBytes - before - each.peakBytes)).toBeLessThan(50);
});

test('a graph can be run from a node in its midst', async () => {
  const each = stored.find(({ code }) => code) as Required<Stored>;
  const model = load(each);
  const latent = tf.tensor2d(floats(each.code), [1, 4]);
  const decoded = model.execute({ latent }, 'denoised') as tf.Tensor;
  expect(largestDifference((await decoded.data()) as Float32Array, floats(each.decoded))).toBeLessThan(ROUNDING);
  expect((model.execute({ image: imageOf(each) }, 'latent') as tf.Tensor).shape).toEqual([1, 4]);
});
