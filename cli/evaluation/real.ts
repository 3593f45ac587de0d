import type { FloatImage } from '../../models/image.ts';
import { psnr } from '../../models/metrics.ts';
import { type Denoiser, denoised8Bit, mean } from './score.ts';
import type { Pair } from './sets.ts';

/** PSNR of one photograph, dB: as it came, with the estimated sigma, and with each sigma of the grid. */
export interface RealScore {
  readonly name: string;
  readonly noisy: number;
  readonly auto: { readonly psnr: number; readonly sigma: number };
  /** In the grid's order. */
  readonly grid: readonly number[];
}

/** `onRun` after each run of the network: `runsPerPair` of them. */
export async function scorePair(
  denoiser: Denoiser,
  pair: Pair,
  grid: readonly number[],
  onRun: () => void,
): Promise<RealScore> {
  const [noisy, clean] = await Promise.all([pair.noisy(), pair.clean()]);
  const run = async (sigma: number | 'auto'): Promise<{ image: FloatImage; sigma: number }> => {
    const result = await denoised8Bit(noisy, denoiser, sigma);
    onRun();
    return result;
  };
  const auto = await run('auto');
  const scores: number[] = [];
  for (const sigma of grid) scores.push(psnr(clean, (await run(sigma)).image));
  const score = { name: pair.name, noisy: psnr(clean, noisy), grid: scores };
  return { ...score, auto: { psnr: psnr(clean, auto.image), sigma: auto.sigma } };
}

export const runsPerPair = (grid: readonly number[]) => 1 + grid.length;

/** The best of the grid for one photograph; leaving it alone (sigma 0) counts too. */
export function bestOf(score: RealScore, grid: readonly number[]): { psnr: number; sigma: number } {
  const best = { psnr: score.noisy, sigma: 0 };
  for (const [i, value] of score.grid.entries()) {
    if (value > best.psnr) Object.assign(best, { psnr: value, sigma: grid[i] });
  }
  return best;
}

/** The sigma of the grid that, used for every photograph, gives the best mean. */
export function bestSingle(scores: readonly RealScore[], grid: readonly number[]): { psnr: number; sigma: number } {
  const means = grid.map((sigma, i) => ({ sigma, psnr: mean(scores.map((score) => score.grid[i] as number)) }));
  return means.reduce((best, candidate) => (candidate.psnr > best.psnr ? candidate : best));
}
