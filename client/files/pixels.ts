import type { RasterImage } from '../../models/image.ts';

/** [H,W,4] without what says nothing: alpha where all is opaque, colour where all is grey. */
export function compact(rgba: Uint8ClampedArray, width: number, height: number): RasterImage {
  let grey = true;
  let opaque = true;
  for (let i = 0; i < rgba.length && (grey || opaque); i += 4) {
    grey &&= rgba[i] === rgba[i + 1] && rgba[i] === rgba[i + 2];
    opaque &&= rgba[i + 3] === 255;
  }
  const channels = ((grey ? 1 : 3) + (opaque ? 0 : 1)) as RasterImage['channels'];
  if (channels === 4) return { data: rgba, width, height, channels, depth: 8 };
  const data = new Uint8Array(width * height * channels);
  const colours = grey ? 1 : 3;
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    for (let c = 0; c < colours; c++) data[to++] = rgba[from + c] as number;
    if (!opaque) data[to++] = rgba[from + 3] as number;
  }
  return { data, width, height, channels, depth: 8 };
}

/** [H,W,4] of 8 bits, as canvases want it. 16 bits are rounded. */
export function toRgba({ data, width, height, channels, depth }: RasterImage): ImageData {
  const image = new ImageData(width, height);
  const rgba = image.data;
  const colours = channels < 3 ? 1 : 3;
  const hasAlpha = channels % 2 === 0;
  // 65535 / 255: a clamped array rounds by itself
  const scale = depth === 8 ? 1 : 1 / 257;
  for (let from = 0, to = 0; to < rgba.length; from += channels, to += 4) {
    for (let c = 0; c < 3; c++) rgba[to + c] = (data[from + Math.min(c, colours - 1)] as number) * scale;
    rgba[to + 3] = hasAlpha ? (data[from + colours] as number) * scale : 255;
  }
  return image;
}

/** What has no alpha shows what is transparent on white: encoders would take black. Changes the image. */
export function overWhite(image: ImageData): ImageData {
  const { data } = image;
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3] as number;
    if (alpha === 255) continue;
    for (let c = i; c < i + 3; c++) data[c] = 255 + ((data[c] as number) - 255) * (alpha / 255);
    data[i + 3] = 255;
  }
  return image;
}
