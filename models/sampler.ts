import * as tf from '@tensorflow/tfjs-core';
import type { ModelFiles } from './engine.ts';
import { loadNetwork, startBackend } from './engine.ts';
import { DegrainError } from './errors.ts';
import type { FloatImage } from './image.ts';

/** The decoder of a variational autoencoder, without its encoder: pictures from codes. */
export interface Sampler {
  /** Numbers of a code; the training made them about normal: mean 0, variance 1. */
  readonly codeSize: number;
  /** @throws DegrainError `bad-request` for a code of another size. */
  sample(code: Float32Array): Promise<FloatImage>;
  dispose(): void;
}

/** @throws DegrainError `bad-request` for a model that is no variational autoencoder. */
export async function openSampler(backend: string, files: ModelFiles): Promise<Sampler> {
  const { graph, size, channels, id } = files.card;
  const { latent } = graph;
  if (!latent || !size) {
    throw new DegrainError('bad-request', {
      expected: 'a variational autoencoder',
      received: id,
      remedy: 'Take a model whose card names a latent node.',
    });
  }
  await startBackend(backend);
  const model = loadNetwork(files);
  return {
    codeSize: latent.size,
    async sample(code) {
      if (code.length !== latent.size) {
        throw new DegrainError('bad-request', {
          expected: `a code of ${latent.size} numbers`,
          received: String(code.length),
          remedy: 'Draw as many normal numbers as `codeSize` says.',
        });
      }
      if (tf.getBackend() !== backend) await startBackend(backend);
      // an operation's own output can be fed: the graph runs from there
      const output = tf.tidy(() => model.execute({ [latent.node]: tf.tensor2d(code, [1, latent.size]) }, graph.output));
      const tensor = output as tf.Tensor;
      try {
        return { data: await tensor.data<'float32'>(), ...size, channels: channels.output } as FloatImage;
      } finally {
        tensor.dispose();
      }
    },
    dispose: () => model.dispose(),
  };
}
