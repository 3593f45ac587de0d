import * as tf from '@tensorflow/tfjs-core';
import type { ModelFiles } from './engine.ts';
import { loadNetwork, startBackend } from './engine.ts';
import { DegrainError } from './errors.ts';
import type { FloatImage } from './image.ts';

/** A variational autoencoder in halves: pictures from codes, and codes from pictures. */
export interface Sampler {
  /** Numbers of a code; the training made them about normal: mean 0, variance 1. */
  readonly codeSize: number;
  /** @throws DegrainError `bad-request` for a code of another size. */
  sample(code: Float32Array): Promise<FloatImage>;
  /**
   * The code of a picture: the mean of those that the encoder finds likely.
   * @throws DegrainError `bad-request` for a picture of another size.
   */
  code(image: FloatImage): Promise<Float32Array>;
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
  const run = async (node: string, input: tf.Tensor, output: string): Promise<Float32Array> => {
    const tensor = tf.tidy(() => model.execute({ [node]: input }, output)) as tf.Tensor;
    try {
      return (await tensor.data<'float32'>()) as Float32Array;
    } finally {
      input.dispose();
      tensor.dispose();
    }
  };
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
      const data = await run(latent.node, tf.tensor2d(code, [1, latent.size]), graph.output);
      return { data, ...size, channels: channels.output } as FloatImage;
    },
    async code(image) {
      if (image.width !== size.width || image.height !== size.height || image.channels !== channels.input) {
        throw new DegrainError('bad-request', {
          expected: `a picture of ${size.width} x ${size.height} x ${channels.input}`,
          received: `${image.width} x ${image.height} x ${image.channels}`,
          remedy: `Bring it to the size that ${id} was trained on.`,
        });
      }
      if (tf.getBackend() !== backend) await startBackend(backend);
      const input = tf.tensor4d(image.data, [1, size.height, size.width, channels.input]);
      return run(graph.input, input, latent.node);
    },
    dispose: () => model.dispose(),
  };
}
