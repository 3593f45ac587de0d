import type { RasterImage } from '../../models/image.ts';
import type { Mix } from '../../models/mix.ts';

/** Rec. 709 weights, on coded values, as in models/mix.ts. */
const [RED, GREEN, BLUE] = [0.2126, 0.7152, 0.0722] as const;

/**
 * models/mix.ts and what turns its floats into an ImageData, in one pass over 8-bit samples: a slider calls it at every
 * step. `residual` is noisy - denoised, [H,W,C] on the 0..1 scale, C = 1 for grey and 3 for colour.
 */
export function mixRgba(noisy: RasterImage, residual: Float32Array, { strength, luma, chroma }: Mix): ImageData {
  const { data, width, height, channels } = noisy;
  const image = new ImageData(width, height);
  // a clamped array rounds and clips by itself
  const rgba = image.data;
  const alphaAt = channels % 2 === 0 ? channels - 1 : -1;
  const colours = channels < 3 ? 1 : 3;
  const chromaAmount = 255 * strength * chroma;
  const lumaAmount = 255 * strength * luma;
  const brightnessAmount = lumaAmount - chromaAmount;
  for (let from = 0, noise = 0, to = 0; to < rgba.length; from += channels, noise += colours, to += 4) {
    const alpha = alphaAt < 0 ? 255 : (data[from + alphaAt] as number);
    rgba[to + 3] = alpha;
    // what is invisible keeps its colours
    const visible = alpha === 0 ? 0 : 1;
    if (colours === 1) {
      const grey = (data[from] as number) - visible * lumaAmount * (residual[noise] as number);
      rgba[to] = grey;
      rgba[to + 1] = grey;
      rgba[to + 2] = grey;
      continue;
    }
    const red = visible * (residual[noise] as number);
    const green = visible * (residual[noise + 1] as number);
    const blue = visible * (residual[noise + 2] as number);
    const brightness = brightnessAmount * (RED * red + GREEN * green + BLUE * blue);
    rgba[to] = (data[from] as number) - brightness - chromaAmount * red;
    rgba[to + 1] = (data[from + 1] as number) - brightness - chromaAmount * green;
    rgba[to + 2] = (data[from + 2] as number) - brightness - chromaAmount * blue;
  }
  return image;
}
