import { describe, expect, it, test } from 'vitest';
import { deadLeaves } from '../../../cli/evaluation/scenes.ts';
import { DegrainError } from '../../../models/errors.ts';
import { psnr } from '../../../models/metrics.ts';
import { NOISE_KINDS } from '../../../models/noise/kinds.ts';

const scenes = [deadLeaves(45, 31, 1), deadLeaves(45, 31, 1, 1)];
const withoutChance = ['quantisation', 'jpeg'];

test('kinds have names of their own', () => {
  expect(new Set(NOISE_KINDS.map(({ name }) => name)).size).toBe(NOISE_KINDS.length);
});

describe.each(NOISE_KINDS)('$name', ({ name, range, levels, apply }) => {
  it.each(scenes)('gets worse from level to level, in $channels channels', (scene) => {
    const quality = levels.map((level) => psnr(scene, apply(scene, level, 3)));
    expect(quality[0]).toBeLessThan(60);
    for (const [i, value] of quality.entries()) if (i > 0) expect(value).toBeLessThan((quality[i - 1] as number) - 0.5);
  });

  it('follows from its seed', () => {
    const [scene] = scenes as [(typeof scenes)[number]];
    const level = levels[1] as number;
    expect(apply(scene, level, 3)).toEqual(apply(scene, level, 3));
    if (withoutChance.includes(name)) expect(apply(scene, level, 4)).toEqual(apply(scene, level, 3));
    else expect(apply(scene, level, 4)).not.toEqual(apply(scene, level, 3));
  });

  it('leaves the image itself alone, and its size', () => {
    for (const scene of scenes) {
      const before = scene.data.slice();
      const { width, height, channels, data } = apply(scene, levels[0] as number, 3);
      expect([width, height, channels, data.length]).toEqual([45, 31, scene.channels, before.length]);
      expect(scene.data).toEqual(before);
    }
  });

  it('takes its whole range and nothing beyond it', () => {
    const [lowest, highest] = range;
    for (const scene of scenes) {
      for (const level of [lowest, ...levels, highest]) {
        expect(apply(scene, level, 3).data.every(Number.isFinite)).toBe(true);
      }
      for (const level of [lowest - 1, highest + 1, Number.NaN]) {
        expect(() => apply(scene, level, 3)).toThrow(DegrainError);
      }
    }
  });
});

test.each(['quantisation', 'jpeg'])('levels of %s are whole numbers', (name) => {
  const kind = NOISE_KINDS.find((each) => each.name === name);
  expect(() => kind?.apply(scenes[0] as (typeof scenes)[number], 10.5, 0)).toThrow('to be a whole number');
});
