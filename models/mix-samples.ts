import type { RasterImage } from './image.ts';
import { LUMA, type Mix } from './mix.ts';
import { RESIDUAL_STEPS } from './residual.ts';

/**
 * models/mix.ts on samples as they are: same depth, same channels, alpha as it was, and colours that nobody sees too.
 * `residual` is [H,W,C], C = 1 for grey and 3 for colour, in steps.
 */
export function mixSamples(noisy: RasterImage, residual: Int16Array, { strength, luma, chroma }: Mix): RasterImage {
  const { data, channels, depth } = noisy;
  const top = depth === 8 ? 255 : 65535;
  const out = depth === 8 ? new Uint8Array(data.length) : new Uint16Array(data.length);
  const colours = channels < 3 ? 1 : 3;
  const hasAlpha = channels > colours;
  const scale = (top * strength) / RESIDUAL_STEPS;
  const chromaAmount = colours === 1 ? 0 : scale * chroma;
  const brightnessAmount = scale * luma - chromaAmount;
  for (let at = 0, noise = 0; at < data.length; at += channels, noise += colours) {
    const hidden = hasAlpha && data[at + colours] === 0;
    const brightness = hidden ? 0 : brightnessAmount * brightnessOf(residual, noise, colours);
    const chromaHere = hidden ? 0 : chromaAmount;
    for (let c = 0; c < colours; c++) {
      const value = (data[at + c] as number) - brightness - chromaHere * (residual[noise + c] as number);
      out[at + c] = value <= 0 ? 0 : value >= top ? top : Math.floor(value + 0.5);
    }
    if (hasAlpha) out[at + colours] = data[at + colours] as number;
  }
  return { ...noisy, data: out };
}

export function brightnessOf(residual: Int16Array, at: number, colours: number): number {
  const first = residual[at] as number;
  if (colours === 1) return first;
  return LUMA[0] * first + LUMA[1] * (residual[at + 1] as number) + LUMA[2] * (residual[at + 2] as number);
}
