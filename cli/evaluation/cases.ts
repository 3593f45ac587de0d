import type { FloatImage } from '../../models/image.ts';
import { roundTo8Bit } from '../../models/metrics.ts';
import { addGaussian } from '../../models/noise/add.ts';
import { NOISE_KINDS } from '../../models/noise/kinds.ts';
import type { Data } from './data.ts';
import { NONE, REAL, type Task, WHITE } from './tasks.ts';

/** An image to denoise, and what should come out. */
export interface Case {
  readonly name: string;
  readonly read: () => Promise<{ readonly clean: FloatImage; readonly noisy: FloatImage }>;
}

/** Of a set, so many are enough to show what each kind of noise does. */
export const KINDS_IMAGES = 8;

/** What a task is measured on. Noise is seeded by the image's place in its set. */
export async function casesOf(task: Task, data: Data): Promise<Case[]> {
  if (task.noise === REAL) {
    const pairs = await data.pairs(task.set);
    return pairs.map(({ name, clean, noisy }) => ({
      name,
      read: async () => ({ clean: await clean(), noisy: await noisy() }),
    }));
  }
  const images = await data.images(task.set);
  const some = task.noise === WHITE || task.noise === NONE ? images : images.slice(0, KINDS_IMAGES);
  return some.map(({ name, read }, seed) => ({
    name,
    read: async () => {
      const clean = await read();
      return { clean, noisy: withNoise(clean, task, seed) };
    },
  }));
}

function withNoise(clean: FloatImage, { noise, level = 0, column }: Task, seed: number): FloatImage {
  if (noise === NONE) return clean;
  if (noise === WHITE) return addGaussian(clean, level, { seed, eightBit: column === '8-bit' });
  const kind = NOISE_KINDS.find(({ name }) => name === noise);
  if (!kind) throw new Error(`There is no kind of noise named ${noise}`);
  const noisy = kind.apply(clean, level, seed);
  return column === '8-bit' ? roundTo8Bit(noisy) : noisy;
}
