import type { FloatImage } from '../../../models/image.ts';
import { psnr, roundTo8Bit, ssim } from '../../../models/metrics.ts';

export interface Losses {
  /** Nats, mean over pixels. */
  readonly crossEntropy: number;
  /** Mean square, 0..1 scale. */
  readonly meanSquare: number;
  /** dB, on 8-bit values. */
  readonly psnr: number;
  readonly ssim: number;
}

/** Keras's epsilon: outputs are kept so far from 0 and 1, where a wrong one would cost infinitely. */
const NEVER_CERTAIN = 1e-7;

/** As the training measures them: models/training/batch_metrics.py. */
export function lossesOf(clean: FloatImage, output: FloatImage): Losses {
  let [entropy, squares] = [0, 0];
  clean.data.forEach((target, i) => {
    const value = output.data[i] as number;
    const probable = Math.min(1 - NEVER_CERTAIN, Math.max(NEVER_CERTAIN, value));
    entropy -= target * Math.log(probable) + (1 - target) * Math.log(1 - probable);
    squares += (target - value) ** 2;
  });
  const count = clean.data.length;
  const rounded = roundTo8Bit(output);
  return {
    crossEntropy: entropy / count,
    meanSquare: squares / count,
    psnr: psnr(clean, rounded),
    ssim: ssim(clean, rounded),
  };
}
