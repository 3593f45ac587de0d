import type { DataSet } from '../experiment.ts';
import type { Ink } from './frame.ts';

export interface Example {
  /** In links. */
  readonly name: string;
  readonly title: string;
  /** SVG paths in a square of 100. */
  readonly path: string;
  /** Greyness of what is filled, 0..255; lines are drawn where there is none. */
  readonly fill?: number;
  /** Lines over what is filled. */
  readonly lines?: string;
}

const digit = (name: string, path: string): Example => ({ name, title: name, path });

/** Pictures that the page draws itself, for those who do not draw. */
export const EXAMPLES: Readonly<Record<DataSet, readonly Example[]>> = {
  mnist: [
    digit('0', 'M52 12C30 12 24 34 24 52S30 88 48 88 76 68 76 48 74 12 52 12Z'),
    digit('1', 'M54 12L46 88'),
    digit('2', 'M26 30C30 6 76 8 72 34C69 54 40 62 24 86C40 80 60 90 78 84'),
    digit('3', 'M28 20C40 6 74 10 72 30C71 46 54 48 44 48C60 48 76 54 75 70C73 94 36 92 25 78'),
    digit('4', 'M34 12C32 30 28 44 24 54H76M68 16C66 40 62 66 60 88'),
    digit('5', 'M74 12H40L34 46C50 36 76 40 75 64C74 92 38 92 26 78'),
    digit('6', 'M62 10C42 22 28 46 28 68C28 94 72 94 72 68C72 46 36 46 29 68'),
    digit('7', 'M24 18C40 16 60 16 76 14C64 36 50 62 44 88'),
    digit('8', 'M70 22C56 4 30 14 36 30C42 46 72 54 70 72C68 92 32 92 32 72C32 54 74 42 70 22Z'),
    digit('9', 'M71 32C68 56 30 58 30 34C30 8 72 6 71 32C70 56 66 74 62 88'),
  ],
  fashion: [
    {
      ...{ name: 'shirt', title: 'T-shirt', fill: 200 },
      path: 'M36 12L16 20L4 46L20 54L27 42V92H73V42L80 54L96 46L84 20L64 12C58 20 42 20 36 12Z',
    },
    {
      ...{ name: 'trousers', title: 'Trousers', fill: 190 },
      path: 'M32 4H68L74 96H56L50 30L44 96H26Z',
    },
    {
      ...{ name: 'dress', title: 'Dress', fill: 170 },
      path: 'M40 4L37 34L28 96H72L63 34L60 4L54 14H46Z',
    },
    {
      ...{ name: 'bag', title: 'Bag', fill: 160, lines: 'M34 42C34 8 66 8 66 42' },
      path: 'M10 40H90L94 90H6Z',
    },
    {
      ...{ name: 'boot', title: 'Ankle boot', fill: 180 },
      path: 'M42 6H72C70 28 72 44 74 56C86 60 96 66 96 78V90H44V82H40C44 56 44 34 42 6Z',
    },
    {
      ...{ name: 'sneaker', title: 'Sneaker', fill: 210 },
      path: 'M4 42C14 50 26 48 34 36L60 56C76 60 94 60 96 72V78H4Z',
    },
  ],
};

/** px of the drawing area's sides. */
export const PAD = 280;
/** px: a digit as high as its box then has lines as broad as most of MNIST's. */
export const BRUSH = 27;

export const exampleOf = (data: DataSet, name: string): Example =>
  EXAMPLES[data].find((example) => example.name === name) ?? (EXAMPLES[data][0] as Example);

export function clear(context: CanvasRenderingContext2D): void {
  context.fillStyle = '#000';
  context.fillRect(0, 0, PAD, PAD);
}

export function drawExample(context: CanvasRenderingContext2D, { path, fill, lines }: Example): void {
  clear(context);
  context.save();
  context.translate(PAD * 0.1, PAD * 0.1);
  context.scale((PAD * 0.8) / 100, (PAD * 0.8) / 100);
  const grey = fill === undefined ? '#fff' : `rgb(${fill} ${fill} ${fill})`;
  Object.assign(context, { fillStyle: grey, strokeStyle: grey, lineCap: 'round', lineJoin: 'round' });
  if (fill !== undefined) context.fill(new Path2D(path));
  context.lineWidth = BRUSH / ((PAD * 0.8) / 100) / (fill === undefined ? 1 : 2);
  if (fill === undefined) context.stroke(new Path2D(path));
  if (lines) context.stroke(new Path2D(lines));
  context.restore();
}

/** The ink on a canvas of the pad's size. */
export function inkOf(context: CanvasRenderingContext2D): Ink {
  const { data, width, height } = context.getImageData(0, 0, PAD, PAD);
  return {
    data: Float32Array.from({ length: width * height }, (_, i) => (data[i * 4] as number) / 255),
    width,
    height,
  };
}
