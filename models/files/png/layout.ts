/** How an image's samples lie in the inflated bytes: IHDR, and what follows from it. */
export interface Header {
  readonly width: number;
  readonly height: number;
  /** Bits per sample: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  readonly colour: ColourType;
  readonly interlaced: boolean;
}

/** IHDR's data. */
export function headerData({ width, height, depth, colour, interlaced }: Header): Uint8Array {
  const data = new Uint8Array(HEADER_DATA_BYTES);
  const view = new DataView(data.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  data.set([depth, colour, 0, 0, interlaced ? 1 : 0], 8);
  return data;
}

export const HEADER_DATA_BYTES = 13;

/** IHDR's numbers. */
export const GREY = 0;
export const RGB = 2;
export const PALETTE = 3;
export const GREY_ALPHA = 4;
export const RGBA = 6;
export type ColourType = typeof GREY | typeof RGB | typeof PALETTE | typeof GREY_ALPHA | typeof RGBA;

/** Samples per pixel, and the depths that the standard allows. */
const COLOURS: Record<ColourType, { samples: number; depths: readonly number[] }> = {
  [GREY]: { samples: 1, depths: [1, 2, 4, 8, 16] },
  [RGB]: { samples: 3, depths: [8, 16] },
  [PALETTE]: { samples: 1, depths: [1, 2, 4, 8] },
  [GREY_ALPHA]: { samples: 2, depths: [8, 16] },
  [RGBA]: { samples: 4, depths: [8, 16] },
};

export function isColour(colour: number, depth: number): colour is ColourType {
  return COLOURS[colour as ColourType]?.depths.includes(depth) ?? false;
}

export const samplesPerPixel = ({ colour }: Header): number => COLOURS[colour].samples;

/** Bytes of a row of so many pixels, without its filter byte. */
export function rowBytes(header: Header, pixels: number): number {
  return Math.ceil((pixels * samplesPerPixel(header) * header.depth) / 8);
}

/** How far back the filters look, bytes: a whole pixel, at least one. */
export const filterStep = (header: Header): number => Math.max(1, (samplesPerPixel(header) * header.depth) / 8);

/** A part of the image that is filtered by itself: every `dx`th pixel of every `dy`th row from (x, y) on. */
export interface Pass {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  /** px, never 0: empty passes take no bytes and are left out. */
  readonly width: number;
  readonly height: number;
}

/** [x, y, dx, dy] of Adam7's passes. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

export function passes({ width, height, interlaced }: Header): Pass[] {
  const starts = interlaced ? ADAM7 : ([[0, 0, 1, 1]] as const);
  return starts
    .map(([x, y, dx, dy]) => ({
      ...{ x, y, dx, dy },
      width: Math.ceil((width - x) / dx),
      height: Math.ceil((height - y) / dy),
    }))
    .filter((pass) => pass.width > 0 && pass.height > 0);
}

/** What IDAT must inflate to, exactly: each row of each pass with its filter byte. */
export function inflatedBytes(header: Header): number {
  return passes(header).reduce((sum, { width, height }) => sum + height * (1 + rowBytes(header, width)), 0);
}
