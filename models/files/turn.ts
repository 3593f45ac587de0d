import type { RasterImage } from '../image.ts';

/** For each orientation of EXIF: whether rows are columns, and whether x and y of the source count backwards. */
const TURNS: readonly (readonly [swapped: boolean, backX: boolean, backY: boolean])[] = [
  [false, false, false],
  [false, true, false],
  [false, true, true],
  [false, false, true],
  [true, false, false],
  [true, false, true],
  [true, true, true],
  [true, true, false],
];

/** The image as it is to be looked at, from how it is stored: EXIF's orientation, 1 to 8. */
export function turn(image: RasterImage, orientation: number): RasterImage {
  const [swapped, backX, backY] = TURNS[orientation - 1] ?? [false, false, false];
  if (!swapped && !backX && !backY) return image;
  const { data, width, height, channels, depth } = image;
  const out = depth === 8 ? new Uint8Array(data.length) : new Uint16Array(data.length);
  const [outWidth, outHeight] = swapped ? [height, width] : [width, height];
  // steps in the source for one to the right and one down in the result
  const right = (swapped ? width * (backY ? -1 : 1) : backX ? -1 : 1) * channels;
  const down = (swapped ? (backX ? -1 : 1) : width * (backY ? -1 : 1)) * channels;
  const first = ((backY ? height - 1 : 0) * width + (backX ? width - 1 : 0)) * channels;
  for (let y = 0, to = 0; y < outHeight; y++) {
    for (let x = 0, from = first + y * down; x < outWidth; x++, from += right) {
      for (let c = 0; c < channels; c++) out[to++] = data[from + c] as number;
    }
  }
  return { data: out, width: outWidth, height: outHeight, channels, depth };
}
