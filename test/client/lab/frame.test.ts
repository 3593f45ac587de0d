import { describe, expect, test } from 'vitest';
import { frame, type Ink } from '../../../client/lab/digits/frame.ts';

/** A drawing of 280x280 with ink where `isInk` says so. */
function draw(isInk: (x: number, y: number) => boolean): Ink {
  const side = 280;
  const data = Float32Array.from({ length: side * side }, (_, i) => (isInk(i % side, Math.floor(i / side)) ? 1 : 0));
  return { data, width: side, height: side };
}

function measure(data: Float32Array) {
  let [mass, x, y] = [0, 0, 0];
  const columns = new Set<number>();
  const rows = new Set<number>();
  data.forEach((value, i) => {
    mass += value;
    x += value * ((i % 28) + 0.5);
    y += value * (Math.floor(i / 28) + 0.5);
    if (value > 0.5) {
      columns.add(i % 28);
      rows.add(Math.floor(i / 28));
    }
  });
  return { x: x / mass, y: y / mass, width: columns.size, height: rows.size };
}

describe('what is drawn, as MNIST has it', () => {
  /** An L: its centre of mass is not its box's. */
  const letter = (left: number, top: number, size: number) =>
    draw((x, y) => {
      const [column, row] = [x - left, y - top];
      const inside = column >= 0 && row >= 0 && column < size / 2 && row < size;
      return inside && (column < size / 8 || row >= size - size / 8);
    });

  test('has its centre of mass in the middle and its longer side at 20 px', () => {
    const framed = frame(letter(13, 40, 200), 'mnist');
    expect(framed).toMatchObject({ width: 28, height: 28, channels: 1 });
    const found = measure(framed?.data as Float32Array);
    expect(found.x).toBeCloseTo(14, 1);
    expect(found.y).toBeCloseTo(14, 1);
    expect(Math.abs(found.height - 20)).toBeLessThanOrEqual(1);
    expect(Math.abs(found.width - 10)).toBeLessThanOrEqual(1);
  });

  test('is the same wherever it is drawn, and however large', () => {
    const one = frame(letter(10, 10, 160), 'mnist')?.data as Float32Array;
    expect(frame(letter(90, 77, 160), 'mnist')?.data).toEqual(one);
    const smaller = frame(letter(33, 100, 80), 'mnist')?.data as Float32Array;
    expect(Math.max(...smaller.map((value, i) => Math.abs(value - (one[i] as number))))).toBeLessThan(0.02);
  });

  test('keeps the ink: averages over areas, in steps of 1/255', () => {
    const framed = frame(letter(10, 10, 200), 'mnist')?.data as Float32Array;
    const ink = letter(10, 10, 200).data as Float32Array;
    const total = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0);
    expect(total(framed)).toBeCloseTo(total(ink) / 100, 0);
    expect(framed.every((value) => Math.abs(value * 255 - Math.round(value * 255)) < 1e-4)).toBe(true);
  });
});

test('as Fashion-MNIST has it, it fills the field, its box in the middle', () => {
  const wide = draw((x, y) => x >= 20 && x < 100 && y >= 200 && y < 240);
  const framed = frame(wide, 'fashion')?.data as Float32Array;
  expect(measure(framed)).toMatchObject({ width: 28, height: 14 });
  expect(measure(framed).y).toBeCloseTo(14, 5);
});

test('where nothing is drawn there is no picture', () => {
  expect(
    frame(
      draw(() => false),
      'mnist',
    ),
  ).toBeUndefined();
});
