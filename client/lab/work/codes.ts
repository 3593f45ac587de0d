// sets where the wasm backend is, and registers it
import '../../engine/tfjs-wasm.ts';
import { expectThat } from '../../../models/errors.ts';
import type { FloatImage } from '../../../models/image.ts';
import { gaussianNoise } from '../../../models/noise/add.ts';
import { openSampler, type Sampler } from '../../../models/sampler.ts';
import { fetchCard, nameOf } from '../../cards.ts';
import type { ModelSummary } from '../../edge/api.ts';
import { fetchModel } from '../../model.ts';
import { principal } from '../latent/principal.ts';
import type { Coder } from './protocol.ts';

/** By id: a visit needs two at most. */
const samplers = new Map<string, Sampler>();

/** Codes at which the directions are measured: another handful turns the first two by a few degrees. */
const PROBES = 8;
const STEP = 0.5;

export async function openCoder({ id, version, links, files }: ModelSummary, signal: AbortSignal): Promise<Coder> {
  const card = await fetchCard(`${self.location.origin}/`, nameOf({ id, version }), signal, links.card);
  expectThat(card.family !== 'filter', () => ({
    expected: 'a variational autoencoder',
    received: id,
    remedy: 'Choose a model whose card names a latent node.',
  }));
  const published = [...files.q8, ...files.f16];
  const remote = ({ name }: { name: string }) => {
    const found = published.find((file) => file.name === name);
    if (!found) throw new Error(`Expected ${id} to list its file ${name}`);
    return found;
  };
  const sampler =
    samplers.get(id) ?? (await openSampler('wasm', await fetchModel(card, remote, 'q8', signal, () => {})));
  samplers.set(id, sampler);
  return { codeSize: sampler.codeSize, ...(await directionsOf(sampler)) };
}

export async function decode(model: string, codes: readonly Float32Array[]): Promise<FloatImage[]> {
  const sampler = opened(model);
  const images: FloatImage[] = [];
  // one after the other: TF.js has one active backend
  for (const code of codes) images.push(await sampler.sample(code));
  return images;
}

export const encode = (model: string, image: FloatImage) => opened(model).code(image);

function opened(model: string): Sampler {
  const sampler = samplers.get(model);
  if (!sampler) throw new Error(`Expected ${model} to be open`);
  return sampler;
}

/**
 * The directions in which the decoded picture changes the most: eigenvectors of the mean of J'J, J the decoder's
 * derivative, by differences at codes drawn from the standard normal distribution. Most of the code's numbers carry
 * little or nothing: training's other term has switched them off.
 */
async function directionsOf(sampler: Sampler): Promise<Pick<Coder, 'directions' | 'shares'>> {
  const size = sampler.codeSize;
  const sums = Array.from({ length: size }, () => new Float64Array(size));
  for (let probe = 0; probe < PROBES; probe++) {
    const code = gaussianNoise(size, probe);
    const changes: Float32Array[] = [];
    const here = (await sampler.sample(code)).data;
    for (let i = 0; i < size; i++) {
      const moved = code.with(i, (code[i] as number) + STEP);
      changes.push((await sampler.sample(moved)).data.map((value, pixel) => value - (here[pixel] as number)));
    }
    for (const [i, row] of sums.entries()) {
      for (let j = 0; j < size; j++) row[j] = (row[j] as number) + product(changes[i], changes[j]);
    }
  }
  const found = principal(sums);
  const whole = found.reduce((sum, { value }) => sum + value, 0);
  return {
    directions: found.map(({ vector }) => Float32Array.from(vector)),
    shares: found.map(({ value }) => value / whole),
  };
}

function product(a: Float32Array | undefined, b: Float32Array | undefined): number {
  if (!a || !b) return 0;
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}
