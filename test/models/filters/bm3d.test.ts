import { describe, expect, test } from 'vitest';
import { matchBlocks } from '../../../models/filters/bm3d/block-matching.ts';
import { bm3d } from '../../../models/filters/bm3d/bm3d.ts';
import { fromOpponent, OPPONENT_GAINS, toOpponent } from '../../../models/filters/bm3d/opponent.ts';
import { profileFor, SEARCH_RADIUS, type StepProfile } from '../../../models/filters/bm3d/profiles.ts';
import {
  blockTransform,
  haarAcross,
  inverseHaarAcross,
  kaiser,
  type Transform,
} from '../../../models/filters/bm3d/transforms.ts';
import { type Plane, splitPlanes } from '../../../models/filters/planes.ts';
import { gaussianNoise } from '../../../models/noise/add.ts';
import { largestDifference, randomFloat } from '../pictures.ts';

const transforms: [string, Transform][] = [
  ['bior1.5 of 8', blockTransform('bior1.5', 8)],
  ['DCT of 8', blockTransform('dct', 8)],
  ['DCT of 11', blockTransform('dct', 11)],
];

describe.each(transforms)('the transform %s', (name, { size, forward, inverse }) => {
  const row = (matrix: Float64Array, i: number) => matrix.subarray(i * size, (i + 1) * size);
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);

  test('comes back', () => {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        const column = Float64Array.from({ length: size }, (_, k) => forward[k * size + j] as number);
        expect(dot(row(inverse, i), column)).toBeCloseTo(i === j ? 1 : 0, 12);
      }
    }
  });

  test('keeps the sigma of white noise, and has one coefficient for the mean', () => {
    const ones = new Float64Array(size).fill(1);
    for (let i = 0; i < size; i++) {
      expect(dot(row(forward, i), row(forward, i))).toBeCloseTo(1, 12);
      if (i > 0) expect(dot(row(forward, i), ones)).toBeCloseTo(0, 12);
    }
  });

  test(name.startsWith('DCT') ? 'is orthogonal' : 'is not orthogonal', () => {
    let largest = 0;
    for (let i = 1; i < size; i++) largest = Math.max(largest, Math.abs(dot(row(forward, i), row(forward, 0))));
    for (let i = 2; i < size; i++) largest = Math.max(largest, Math.abs(dot(row(forward, i), row(forward, 1))));
    if (name.startsWith('DCT')) expect(largest).toBeLessThan(1e-12);
    else expect(largest).toBeGreaterThan(0.1);
  });
});

describe('the Haar transform across a group', () => {
  test.each([1, 2, 16, 32])('of %i blocks keeps the energy and comes back', (count) => {
    const group = gaussianNoise(count * 3, 5);
    const energy = (values: Float32Array) => values.reduce((sum, value) => sum + value * value, 0);
    const across = group.slice();
    haarAcross(across, count, 3);
    expect(energy(across)).toBeCloseTo(energy(group), 3);
    if (count > 1) expect(largestDifference(across, group)).toBeGreaterThan(0.1);
    inverseHaarAcross(across, count, 3);
    expect(largestDifference(across, group)).toBeLessThan(1e-5);
  });

  test('leaves of equal blocks one', () => {
    const group = Float32Array.from({ length: 24 }, (_, i) => (i % 3) + 1);
    haarAcross(group, 8, 3);
    const wanted = [1, 2, 3].map((value) => value * Math.sqrt(8));
    expect(largestDifference(group.subarray(0, 3), wanted)).toBeLessThan(1e-5);
    expect(largestDifference(group.subarray(3), new Float32Array(21))).toBeLessThan(1e-5);
  });
});

test('the Kaiser window is numpy’s', () => {
  // numpy.kaiser(8, 2)
  const wanted = [0.43867628, 0.68132426, 0.87683991, 0.98582251, 0.98582251, 0.87683991, 0.68132426, 0.43867628];
  expect(largestDifference(kaiser(8, 2), wanted)).toBeLessThan(1e-8);
  expect([...kaiser(1, 2)]).toEqual([1]);
});

describe('opponent colours', () => {
  const planes = splitPlanes(randomFloat(9, 7, 3));

  test('come back', () => {
    for (const [c, plane] of fromOpponent(toOpponent(planes)).entries()) {
      expect(largestDifference(plane.data, (planes[c] as Plane).data)).toBeLessThan(1e-6);
    }
  });

  test('have as much of the noise as their gains say', () => {
    const noise = [1, 2, 3].map((seed) => ({ data: gaussianNoise(40_000, seed), width: 200, height: 200 }));
    for (const [c, { data }] of toOpponent(noise).entries()) {
      const sd = Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length);
      expect(Math.abs(sd / (OPPONENT_GAINS[c] as number) - 1)).toBeLessThan(0.02);
    }
  });
});

describe('block matching', () => {
  const step: StepProfile = { transform: 'dct', block: 5, step: 4, group: 16, similarity: 1800 };
  const { width, height, data } = randomFloat(52, 31, 1);
  // halved contrast: some blocks are similar, most are not
  const plane: Plane = { width, height, data: data.map((value) => 0.5 * value) };
  const matches = matchBlocks(plane, step);
  const references = matches.counts.length;

  /** Mean squared difference per pixel, 0..255 squared. */
  function distance(a: number, b: number): number {
    let sum = 0;
    for (let i = 0; i < step.block ** 2; i++) {
      const at = Math.floor(i / step.block) * width + (i % step.block);
      sum += (255 * ((plane.data[a + at] as number) - (plane.data[b + at] as number))) ** 2;
    }
    return sum / step.block ** 2;
  }

  const groupOf = (reference: number) =>
    matches.blocks.subarray(reference * step.group, reference * step.group + (matches.counts[reference] as number));

  test('refers to every fourth block, and to the last', () => {
    expect([...matches.rows]).toEqual([0, 4, 8, 12, 16, 20, 24, 26]);
    expect([...matches.columns]).toEqual([0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 47]);
    expect(references).toBe(8 * 13);
  });

  test('finds what comparing every block with every other finds', () => {
    const sizes = new Set<number>();
    for (let reference = 0; reference < references; reference++) {
      const y = matches.rows[Math.floor(reference / 13)] as number;
      const x = matches.columns[reference % 13] as number;
      const self = y * width + x;
      const wanted: [block: number, far: number][] = [];
      for (let v = Math.max(0, y - SEARCH_RADIUS); v <= Math.min(height - 5, y + SEARCH_RADIUS); v++) {
        for (let u = Math.max(0, x - SEARCH_RADIUS); u <= Math.min(width - 5, x + SEARCH_RADIUS); u++) {
          const far = distance(self, v * width + u);
          if (far < step.similarity) wanted.push([v * width + u, far]);
        }
      }
      wanted.sort((a, b) => a[1] - b[1]);
      const size = 2 ** Math.floor(Math.log2(Math.min(wanted.length, step.group)));
      sizes.add(size);
      const group = groupOf(reference);
      expect(group[0]).toBe(self);
      expect(group.length).toBe(size);
      const distances = Array.from(group, (block) => distance(self, block));
      // pixels are compared in quarters of 1/255: order may differ by as much
      const differences = distances.map((far, i) => Math.abs(far - (wanted[i]?.[1] as number)));
      expect(Math.max(...differences)).toBeLessThan(20);
      expect(new Set(group).size).toBe(size);
    }
    expect(sizes.size).toBeGreaterThan(2);
  });

  test('puts a block before its equals', () => {
    const stripes: Plane = { width: 40, height: 24, data: Float32Array.from({ length: 960 }, (_, i) => (i % 4) / 4) };
    const { blocks, columns, rows } = matchBlocks(stripes, step);
    for (let reference = 0; reference < columns.length * rows.length; reference++) {
      const y = rows[Math.floor(reference / columns.length)] as number;
      const x = columns[reference % columns.length] as number;
      expect(blocks[reference * step.group]).toBe(y * 40 + x);
      const equals = blocks.subarray(reference * step.group + 1, (reference + 1) * step.group);
      expect(equals.every((block) => (block - x) % 4 === 0)).toBe(true);
    }
  });

  test('compares what lies far outside 0..1 without overflowing', () => {
    const wild: Plane = { width: 24, height: 24, data: gaussianNoise(576, 1).map((value) => value * 1e6) };
    const { counts } = matchBlocks(wild, profileFor(50).wiener);
    expect([...new Set(counts)]).toEqual([1]);
  });
});

describe('the profile', () => {
  test('is the authors’ normal one up to sigma 40, and their one for strong noise beyond', () => {
    expect(profileFor(40).hard.group).toBe(16);
    expect(profileFor(40.1).hard.group).toBe(32);
    const image = randomFloat(24, 20, 1);
    expect(bm3d(image, 40)).toEqual(bm3d(image, 40, profileFor(1)));
    expect(bm3d(image, 41)).toEqual(bm3d(image, 41, profileFor(100)));
    expect(bm3d(image, 41)).not.toEqual(bm3d(image, 41, profileFor(1)));
  });
});
