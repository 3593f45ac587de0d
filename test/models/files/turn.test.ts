import { expect, test } from 'vitest';
import { turn } from '../../../models/files/turn.ts';

/** Where a result's pixel (x, y) is stored in a picture of 3 x 2, by EXIF's orientation. */
const [W, H] = [3, 2];
const STORED = {
  1: (x: number, y: number) => [x, y],
  2: (x: number, y: number) => [W - 1 - x, y],
  3: (x: number, y: number) => [W - 1 - x, H - 1 - y],
  4: (x: number, y: number) => [x, H - 1 - y],
  5: (x: number, y: number) => [y, x],
  6: (x: number, y: number) => [y, H - 1 - x],
  7: (x: number, y: number) => [W - 1 - y, H - 1 - x],
  8: (x: number, y: number) => [W - 1 - y, x],
};

test.each([1, 2, 3, 4, 5, 6, 7, 8] as const)('orientation %i', (orientation) => {
  const stored: (x: number, y: number) => number[] = STORED[orientation];
  const data = Uint8Array.from({ length: W * H * 2 }, (_, i) => i);
  const turned = turn({ data, width: W, height: H, channels: 2, depth: 8 }, orientation);
  const [width, height] = orientation > 4 ? [H, W] : [W, H];
  expect([turned.width, turned.height]).toEqual([width, height]);
  const expected: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [fromX, fromY] = stored(x, y) as [number, number];
      expected.push(2 * (fromY * W + fromX), 2 * (fromY * W + fromX) + 1);
    }
  }
  expect(Array.from(turned.data)).toEqual(expected);
});
