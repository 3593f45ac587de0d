import type { RasterImage } from '../../../models/image.ts';

/** A piece of noise to show: of which photograph in docs/results/photographs, and what it gets. */
export interface Picture {
  readonly photograph: string;
  /** What it shows and by whom it is: test sets may not be shown, these may. */
  readonly credit: string;
  /** A kind of noise by its name, and its parameter. */
  readonly noise: string;
  readonly level: number;
}

export const PICTURES: readonly Picture[] = [
  { photograph: 'coffee', credit: 'Coffee, by Rachel Michetti, CC0', noise: 'gaussian', level: 25 },
  { photograph: 'chelsea', credit: 'Chelsea the cat, by Stefan van der Walt, CC0', noise: 'gaussian', level: 50 },
  { photograph: 'rocket', credit: 'Falcon 9, by SpaceX, public domain', noise: 'camera', level: 6400 },
];

/** The models that are shown, of those that are published: more would not fit. */
export const SHOWN = ['gaussian', 'nlm', 'bm3d', 'fast', 'best', 'photo'];

export const fileOf = ({ photograph, noise, level }: Picture) => `${photograph}-${noise}-${level}.png`;

const COLUMNS = 4;
const GAP = 4; // px

/** [H,W,3] of equal size, side by side on white, in rows of four, pixel by pixel. */
export function sideBySide(panels: readonly RasterImage[]): RasterImage {
  const [{ width, height }] = panels as [RasterImage, ...RasterImage[]];
  const columns = Math.min(COLUMNS, panels.length);
  const rows = Math.ceil(panels.length / COLUMNS);
  const whole = { width: columns * (width + GAP) - GAP, height: rows * (height + GAP) - GAP };
  const data = new Uint8Array(whole.width * whole.height * 3).fill(255);
  for (const [i, panel] of panels.entries()) {
    const left = (i % COLUMNS) * (width + GAP);
    const top = Math.floor(i / COLUMNS) * (height + GAP);
    for (let y = 0; y < height; y++) {
      const row = panel.data.subarray(y * width * 3, (y + 1) * width * 3);
      data.set(row, ((top + y) * whole.width + left) * 3);
    }
  }
  return { ...whole, data, channels: 3, depth: 8 };
}

/** The middle of an image. */
export function middle(image: RasterImage, side: number): RasterImage {
  const { data, width, height, channels } = image;
  const [left, top] = [(width - side) >> 1, (height - side) >> 1];
  const out = new Uint8Array(side * side * channels);
  for (let y = 0; y < side; y++) {
    const from = ((top + y) * width + left) * channels;
    out.set(data.subarray(from, from + side * channels), y * side * channels);
  }
  return { data: out, width: side, height: side, channels, depth: 8 };
}
