import type { RasterImage } from '../../models/image.ts';
import { LUMA, type Mix } from '../../models/mix.ts';
import { RESIDUAL_STEPS } from '../../models/residual.ts';
import type { Rectangle } from '../../models/tiles.ts';

export interface Shown {
  readonly colorSpace?: PredefinedColorSpace;
  /** The whole picture unless given. */
  readonly part?: Rectangle;
}

/**
 * models/mix.ts and what turns its floats into an ImageData, in one pass over samples: a slider calls it at every
 * step. `residual` is noisy - denoised, [H,W,C] in steps, C = 1 for grey and 3 for colour.
 */
export function mixRgba(noisy: RasterImage, residual: Int16Array, mix: Mix, shown: Shown = {}): ImageData {
  const { data, width, channels, depth } = noisy;
  const { colorSpace = 'srgb', part = { x: 0, y: 0, width, height: noisy.height } } = shown;
  // Firefox knows no other colours, and takes no settings
  const image =
    colorSpace === 'srgb'
      ? new ImageData(part.width, part.height)
      : new ImageData(part.width, part.height, { colorSpace });
  // a clamped array rounds and clips by itself
  const rgba = image.data;
  const colours = channels < 3 ? 1 : 3;
  const hasAlpha = channels > colours;
  const scale = depth === 8 ? 1 : 1 / 257;
  const amount = (255 * mix.strength) / RESIDUAL_STEPS;
  const lumaAmount = amount * mix.luma;
  const chromaAmount = amount * mix.chroma;
  const brightnessAmount = lumaAmount - chromaAmount;
  for (let y = 0, to = 0; y < part.height; y++) {
    const pixel = (part.y + y) * width + part.x;
    let from = pixel * channels;
    let noise = pixel * colours;
    for (let x = 0; x < part.width; x++, from += channels, noise += colours, to += 4) {
      const alpha = hasAlpha ? (data[from + colours] as number) * scale : 255;
      rgba[to + 3] = alpha;
      // what is invisible keeps its colours
      const visible = alpha === 0 ? 0 : 1;
      if (colours === 1) {
        const grey = (data[from] as number) * scale - visible * lumaAmount * (residual[noise] as number);
        rgba[to] = grey;
        rgba[to + 1] = grey;
        rgba[to + 2] = grey;
        continue;
      }
      const red = visible * (residual[noise] as number);
      const green = visible * (residual[noise + 1] as number);
      const blue = visible * (residual[noise + 2] as number);
      const brightness = brightnessAmount * (LUMA[0] * red + LUMA[1] * green + LUMA[2] * blue);
      rgba[to] = (data[from] as number) * scale - brightness - chromaAmount * red;
      rgba[to + 1] = (data[from + 1] as number) * scale - brightness - chromaAmount * green;
      rgba[to + 2] = (data[from + 2] as number) * scale - brightness - chromaAmount * blue;
    }
  }
  return image;
}
