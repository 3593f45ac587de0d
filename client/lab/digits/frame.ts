import type { FloatImage } from '../../../models/image.ts';
import type { DataSet } from '../experiment.ts';

/** Light ink on black: [H,W], 0..1. */
export interface Ink {
  readonly data: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
}

/** px, of the pictures of both data sets. */
export const SIDE = 28;

/** Ink below this is none: the soft rim of a line would else make the box larger. */
const FAINTEST = 0.1;

/**
 * How each data set's makers brought their pictures into the field of 28x28: the longer side of what is drawn becomes so
 * many px, and its centre of mass, or the box's middle, goes to the middle of the field.
 */
export const FRAMING: Readonly<Record<DataSet, { readonly box: number; readonly by: 'mass' | 'box' }>> = {
  mnist: { box: 20, by: 'mass' },
  fashion: { box: 28, by: 'box' },
};

/** What is drawn, as the data set would have it: [28,28,1] in steps of 1/255. Undefined where nothing is drawn. */
export function frame(ink: Ink, data: DataSet): FloatImage | undefined {
  const box = boxOf(ink);
  if (!box) return undefined;
  const { box: longest, by } = FRAMING[data];
  /** px of the drawing for a px of the field. */
  const size = Math.max(box.right - box.left, box.bottom - box.top) / longest;
  const middle = by === 'mass' ? centreOfMass(ink) : { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
  const across = spans(middle.x, size, ink.width);
  const down = spans(middle.y, size, ink.height);
  const values = new Float32Array(SIDE * SIDE);
  for (let i = 0; i < values.length; i++) {
    let sum = 0;
    for (const [y, high] of down[Math.floor(i / SIDE)] ?? []) {
      for (const [x, wide] of across[i % SIDE] ?? []) sum += high * wide * (ink.data[y * ink.width + x] as number);
    }
    values[i] = Math.round(Math.min(1, sum / size ** 2) * 255) / 255;
  }
  return { data: values, width: SIDE, height: SIDE, channels: 1 };
}

/** Which px of the drawing each px of the field covers, and by how much: averages over areas, as small as they may be. */
function spans(middle: number, size: number, length: number): [at: number, part: number][][] {
  return Array.from({ length: SIDE }, (_, i) => {
    const from = middle + (i - SIDE / 2) * size;
    const to = from + size;
    const covered: [number, number][] = [];
    for (let at = Math.max(0, Math.floor(from)); at < Math.min(length, to); at++) {
      covered.push([at, Math.min(at + 1, to) - Math.max(at, from)]);
    }
    return covered;
  });
}

function boxOf({ data, width, height }: Ink) {
  const box = { left: width, top: height, right: 0, bottom: 0 };
  for (let i = 0; i < width * height; i++) {
    if ((data[i] as number) < FAINTEST) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x + 1);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y + 1);
  }
  return box.right > 0 ? box : undefined;
}

function centreOfMass({ data, width, height }: Ink): { x: number; y: number } {
  let [mass, x, y] = [0, 0, 0];
  for (let i = 0; i < width * height; i++) {
    const value = data[i] as number;
    mass += value;
    x += value * ((i % width) + 0.5);
    y += value * (Math.floor(i / width) + 0.5);
  }
  return { x: x / mass, y: y / mass };
}
