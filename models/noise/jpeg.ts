import type { FloatImage } from '../image.ts';
import { codePlane, doublePlane, halvePlane, type Plane } from './jpeg-planes.ts';
import { quantisationSteps } from './jpeg-tables.ts';
import { clip, expectWhole } from './parameters.ts';

/** A JPEG file. */
export interface JpegOptions {
  /** As libjpeg counts it, a whole number 1..100. */
  readonly quality: number;
  /** Colour at half resolution, "4:2:0", which most files have; otherwise "4:4:4". */
  readonly halfColour: boolean;
}

/** JFIF's weights as libjpeg has them, in fixed point: sums are exact. */
const fixed = (value: number) => value / 2 ** 16;
const LUMA = [19595, 38470, 7471].map(fixed);
const BLUENESS = [-11059, -21709, 32768].map(fixed);
const REDNESS = [32768, -27439, -5329].map(fixed);
const [RED_OF_CR, BLUE_OF_CB] = [fixed(91881), fixed(116130)];
const [GREEN_OF_CB, GREEN_OF_CR] = [fixed(-22554), fixed(-46802)];

/**
 * What a JPEG file leaves of an image (ITU-T T.81, as libjpeg does it): colours to JFIF's YCbCr, those perhaps at half
 * resolution, 8x8 DCT, quantisation, and back.
 *
 * Huffman coding loses nothing and is left out. Whatever libjpeg rounds is rounded alike, but for its DCT, which is in
 * fixed point there: a file's pixels differ from these by a level here and there.
 *
 * @param image [H,W,C] 0..1, sRGB-coded; rounded to 8 bits first
 * @returns 0..1 in steps of 1/255
 */
export function jpeg(image: FloatImage, { quality, halfColour }: JpegOptions): FloatImage {
  expectWhole('quality', quality, 1, 100);
  const { width, height, channels } = image;
  const pixels = image.data.map((value) => Math.floor(clip(value) * 255 + 0.5));
  const plane = (value: (pixel: number) => number): Plane => {
    return { width, height, data: Float64Array.from({ length: width * height }, (_, i) => value(i * channels)) };
  };
  const weighted = (at: number, weights: readonly number[]) =>
    weights.reduce((sum, weight, c) => sum + weight * (pixels[at + c] as number), 0);

  const lumaSteps = quantisationSteps('luma', quality);
  const data = new Float32Array(image.data.length);
  if (channels === 1) {
    const grey = codePlane(
      plane((at) => (pixels[at] as number) - 128),
      lumaSteps,
    );
    for (let i = 0; i < data.length; i++) data[i] = ((grey.data[i] as number) + 128) / 255;
    return { ...image, data };
  }

  const chromaSteps = quantisationSteps('chroma', quality);
  const codeColour = (weights: readonly number[]) => {
    const colour = plane((at) => Math.ceil(weighted(at, weights) - 0.5));
    if (!halfColour) return codePlane(colour, chromaSteps);
    return doublePlane(codePlane(halvePlane(colour), chromaSteps), width, height);
  };
  const luma = codePlane(
    plane((at) => Math.floor(weighted(at, LUMA) + 0.5) - 128),
    lumaSteps,
  );
  const blueness = codeColour(BLUENESS);
  const redness = codeColour(REDNESS);
  for (let i = 0; i < width * height; i++) {
    const [y, cb, cr] = [(luma.data[i] as number) + 128, blueness.data[i] as number, redness.data[i] as number];
    data[i * 3] = clip((y + Math.floor(RED_OF_CR * cr + 0.5)) / 255);
    data[i * 3 + 1] = clip((y + Math.floor(GREEN_OF_CB * cb + GREEN_OF_CR * cr + 0.5)) / 255);
    data[i * 3 + 2] = clip((y + Math.floor(BLUE_OF_CB * cb + 0.5)) / 255);
  }
  return { ...image, data };
}
