import { expectThat } from './errors.ts';
import type { FloatImage } from './image.ts';

/** How much of the removed noise stays removed, each 0..1. */
export interface Mix {
  /** All of it: 0 gives the noisy image back. */
  readonly strength: number;
  /** Noise in brightness. */
  readonly luma: number;
  /** Noise in colour: the part that most people dislike more. No effect on grey images. */
  readonly chroma: number;
}

export const FULL_MIX: Mix = { strength: 1, luma: 1, chroma: 1 };

/** @throws DegrainError `bad-request` for amounts outside 0..1. */
export function checkMix(mix: Mix): Mix {
  for (const name of ['strength', 'luma', 'chroma'] as const) {
    expectThat(mix[name] >= 0 && mix[name] <= 1, () => ({
      expected: `${name} to be a number from 0 to 1`,
      received: String(mix[name]),
      remedy: '0 keeps all of the noise, 1 removes all that was found.',
    }));
  }
  return { strength: mix.strength, luma: mix.luma, chroma: mix.chroma };
}

/** Rec. 709 weights, on coded values. */
export const LUMA = [0.2126, 0.7152, 0.0722] as const;

/**
 * noisy - strength * (luma * Y(residual) + chroma * (residual - Y(residual))), where residual = noisy - denoised,
 * [H,W,C]. No network runs: sliders may call it at every frame.
 */
export function mixResidual(noisy: FloatImage, residual: Float32Array, mix: Mix): FloatImage {
  const out = new Float32Array(noisy.data.length);
  if (noisy.channels === 1) {
    const amount = mix.strength * mix.luma;
    for (let i = 0; i < out.length; i++) out[i] = (noisy.data[i] as number) - amount * (residual[i] as number);
    return { ...noisy, data: out };
  }
  const chroma = mix.strength * mix.chroma;
  const luma = mix.strength * mix.luma - chroma;
  for (let i = 0; i < out.length; i += 3) {
    const r = residual[i] as number;
    const g = residual[i + 1] as number;
    const b = residual[i + 2] as number;
    const brightness = luma * (LUMA[0] * r + LUMA[1] * g + LUMA[2] * b);
    out[i] = (noisy.data[i] as number) - brightness - chroma * r;
    out[i + 1] = (noisy.data[i + 1] as number) - brightness - chroma * g;
    out[i + 2] = (noisy.data[i + 2] as number) - brightness - chroma * b;
  }
  return { ...noisy, data: out };
}
