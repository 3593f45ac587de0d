import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { openTfjsEngine } from '../../models/engine.ts';
import { gaussianNoise } from '../../models/noise/add.ts';
import { openSampler } from '../../models/sampler.ts';
import { largestDifference } from './pictures.ts';
import { fastName, loadNetwork, networkNames, readNetwork } from './published.ts';

const names = networkNames.filter((name) => readNetwork(name).graph.latent);

describe.each(names)('the decoder of %s', (name) => {
  test('draws pictures, another for each code', async () => {
    const sampler = await openSampler('wasm', await loadNetwork(name, 'q8'));
    expect(sampler.codeSize).toBe(20);
    const [one, other, again] = [
      await sampler.sample(gaussianNoise(20, 1)),
      await sampler.sample(gaussianNoise(20, 2)),
      await sampler.sample(gaussianNoise(20, 1)),
    ];
    expect(one).toMatchObject({ width: 28, height: 28, channels: 1 });
    expect(one.data).toHaveLength(784);
    expect(one.data.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(again.data).toEqual(one.data);
    expect(largestDifference(one.data, other.data)).toBeGreaterThan(0.2);
    const before = tf.memory().numTensors;
    await sampler.sample(new Float32Array(20));
    expect(tf.memory().numTensors).toBe(before);
    sampler.dispose();
  });

  test('has the other half: the code of a picture decodes to that picture', async () => {
    const files = await loadNetwork(name, 'q8');
    const sampler = await openSampler('wasm', files);
    const drawn = await sampler.sample(gaussianNoise(20, 3));
    const code = await sampler.code(drawn);
    expect(code).toHaveLength(20);
    // as the whole network has it
    const engine = await openTfjsEngine('wasm', 'wasm', files);
    const whole = await engine.run(drawn.data, 28, 28);
    expect(largestDifference((await sampler.sample(code)).data, whole)).toBeLessThan(1e-5);
    await expect(sampler.code({ ...drawn, width: 14 })).rejects.toMatchObject({ code: 'bad-request' });
    sampler.dispose();
    engine.dispose();
  });

  test('refuses codes of another size', async () => {
    const sampler = await openSampler('wasm', await loadNetwork(name, 'q8'));
    await expect(sampler.sample(new Float32Array(2))).rejects.toMatchObject({
      code: 'bad-request',
      expected: 'a code of 20 numbers',
    });
    sampler.dispose();
  });
});

test('there is a sampler, and of variational autoencoders only', async () => {
  expect(names.length).toBeGreaterThan(0);
  await expect(openSampler('wasm', await loadNetwork(fastName, 'q8'))).rejects.toMatchObject({ code: 'bad-request' });
});
