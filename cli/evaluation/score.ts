import type { ModelCard } from '../../models/card.ts';
import { denoiseFloat } from '../../models/denoise.ts';
import type { EngineSource } from '../../models/engine.ts';
import type { FloatImage } from '../../models/image.ts';
import { psnr, roundTo8Bit, ssim } from '../../models/metrics.ts';
import { FULL_MIX, mixResidual } from '../../models/mix.ts';
import { addGaussian } from '../../models/noise/add.ts';
import type { TestImage } from './sets.ts';

/** `float`: unclipped noise, as the literature has it; `8-bit`: clipped and rounded, as files hold it. */
export const COLUMNS = ['float', '8-bit'] as const;
export type Column = (typeof COLUMNS)[number];

/** Means over the images of a set. */
export interface Score {
  readonly set: string;
  readonly images: number;
  readonly noise: Column;
  /** 0..255. */
  readonly sigma: number;
  /** dB. */
  readonly psnr: number;
  readonly ssim: number;
  /** With sigma estimated from the image instead of given. */
  readonly auto: { readonly psnr: number; readonly loss: number; readonly sigma: number } | undefined;
}

export interface Denoiser {
  readonly card: ModelCard;
  readonly engine: EngineSource;
}

/** The pipeline's output as a file would hold it, and the sigma that the network was told. */
export async function denoised8Bit(noisy: FloatImage, { card, engine }: Denoiser, sigma: number | 'auto') {
  const removed = await denoiseFloat(noisy, card, [engine], { sigma });
  return { image: roundTo8Bit(mixResidual(noisy, removed.residual, FULL_MIX)), sigma: removed.sigma };
}

/** One set at one sigma in one column; `onImage` after each image. */
export async function scoreSet(
  denoiser: Denoiser,
  set: string,
  images: readonly TestImage[],
  noise: Column,
  sigma: number,
  withAuto: boolean,
  onImage: (name: string) => void,
): Promise<Score> {
  const known = { psnr: [] as number[], ssim: [] as number[] };
  const auto = { psnr: [] as number[], sigma: [] as number[] };
  for (const [seed, { name, read }] of images.entries()) {
    const clean = await read();
    const noisy = addGaussian(clean, sigma, { seed, eightBit: noise === '8-bit' });
    const told = await denoised8Bit(noisy, denoiser, sigma);
    known.psnr.push(psnr(clean, told.image));
    known.ssim.push(ssim(clean, told.image));
    if (withAuto) {
      const guessed = await denoised8Bit(noisy, denoiser, 'auto');
      auto.psnr.push(psnr(clean, guessed.image));
      auto.sigma.push(guessed.sigma);
    }
    onImage(name);
  }
  const score = { set, images: images.length, noise, sigma, psnr: mean(known.psnr), ssim: mean(known.ssim) };
  const blind = mean(auto.psnr);
  return { ...score, auto: withAuto ? { psnr: blind, loss: score.psnr - blind, sigma: mean(auto.sigma) } : undefined };
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
