import { arch, cpus } from 'node:os';
import { denoiseFloat } from '../../models/denoise.ts';
import { addGaussian } from '../../models/noise/add.ts';
import type { Denoiser } from '../denoiser.ts';
import { dietOf } from './data.ts';
import { deadLeaves } from './scenes.ts';

export interface Speed {
  readonly millisecondsPerMegapixel: number;
  /** Cores and what they are, as whoever compares has to know. */
  readonly machine: string;
}

const SIDE = 512; // px
const SIGMA = 25;
const RUNS = 3;

/** Of the whole pipeline but for the estimate of sigma: the median of a few runs on a drawn scene, after a warm-up. */
export async function measureSpeed({ card, engine }: Pick<Denoiser, 'card' | 'engine'>): Promise<Speed> {
  const scene = deadLeaves(SIDE, SIDE, 1, dietOf(card) === 'grey' ? 1 : 3);
  const noisy = addGaussian(scene, SIGMA, { seed: 1, eightBit: true });
  const sigma = card.sigma.kind === 'blind' ? 'auto' : Math.min(SIGMA, card.sigma.max);
  const times: number[] = [];
  for (let run = 0; run <= RUNS; run++) {
    const started = performance.now();
    await denoiseFloat(noisy, card, [engine], { sigma });
    if (run > 0) times.push(performance.now() - started);
  }
  const median = times.sort((a, b) => a - b)[RUNS >> 1] as number;
  return { millisecondsPerMegapixel: Math.round((median * 1e6) / SIDE ** 2), machine: machine() };
}

function machine(): string {
  const processors = cpus();
  const model = processors[0]?.model.trim() || arch();
  return `${processors.length} cores, ${model}, Node ${process.versions.node}`;
}
