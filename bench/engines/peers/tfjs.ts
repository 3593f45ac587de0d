import '@tensorflow/tfjs-backend-webgpu';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type { NetworkCard } from '../../../models/card.ts';
import { startBackend } from '../../../models/engine.ts';
import type { Runner } from '../arm.ts';

/** As TF.js registers it: beside our engine, which has a backend 'webgpu' on a device of its own. */
const BACKEND = 'webgpu, stock';
const factory = tf.findBackendFactory('webgpu');
if (factory) {
  tf.copyRegisteredKernels('webgpu', BACKEND);
  tf.registerBackend(BACKEND, factory);
}

/** What a stranger does with a published folder: load the URL, execute, read. */
export async function openStockWebgpu(model: string, card: NetworkCard): Promise<Runner> {
  assertShards(card);
  await startBackend(BACKEND);
  const network = await loadGraphModel(`${model}model.json`);
  return {
    async run(input, height, width) {
      if (tf.getBackend() !== BACKEND) await startBackend(BACKEND);
      const image = tf.tensor4d(input, [1, height, width, input.length / (height * width)]);
      const output = network.execute(image) as tf.Tensor;
      const values = await output.data<'float32'>();
      image.dispose();
      output.dispose();
      return values as Float32Array;
    },
    dispose: () => network.dispose(),
  };
}

/** @throws for a model that TF.js cannot load by itself: its weights are in int8 alone */
export function assertShards({ id, files }: NetworkCard): void {
  if (files.some(({ role }) => role === 'weights-f16')) return;
  throw new Error(`${id} publishes no float16 shards, which TF.js by itself needs`);
}
